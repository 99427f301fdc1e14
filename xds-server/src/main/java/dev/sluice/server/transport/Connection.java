package dev.sluice.server.transport;

import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection and the calls that are open on it. */
final class Connection {
  private final Peer peer;
  private final Set<OpenCall<?, ?>> calls = ConcurrentHashMap.newKeySet();
  private final AtomicInteger open = new AtomicInteger();

  Connection(Peer peer) {
    this.peer = peer;
  }

  Peer peer() {
    return peer;
  }

  /** Makes room for one call, if fewer than {@code most} are open. */
  boolean enter(int most) {
    return Room.enter(open, most);
  }

  void leave() {
    open.decrementAndGet();
  }

  void add(OpenCall<?, ?> call) {
    calls.add(call);
  }

  void remove(OpenCall<?, ?> call) {
    calls.remove(call);
  }

  boolean isIdle() {
    return calls.isEmpty();
  }

  /** Ends all of its calls. */
  void end(Status status) {
    calls.forEach(call -> call.end(status));
  }
}
