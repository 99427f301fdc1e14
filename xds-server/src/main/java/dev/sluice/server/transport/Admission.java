package dev.sluice.server.transport;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Lets calls in as far as the limits go, and tells them whose they are ({@link Peer#current}). */
final class Admission implements ServerInterceptor {
  private record No(Refusal reason, Status status) {}

  private final StreamLimits limits;
  private final RefusalLog log;
  private final TokenBucket rate;
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean stopping;

  Admission(StreamLimits limits, RefusalLog log, LongSupplier nanoTime) {
    this.limits = limits;
    this.log = log;
    this.rate = new TokenBucket(limits.newStreamsPerSecond(), nanoTime);
  }

  /** Lets nothing in from now on. */
  void stop() {
    stopping = true;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    Connection connection = Connections.of(call.getAttributes());
    Optional<No> no = enter(connection, isProbe(call));
    if (no.isPresent()) {
      refuse(call, connection, no.get());
      return new ServerCall.Listener<>() {};
    }
    OpenCall<Q, R> opened = new OpenCall<>(call);
    connection.add(opened);
    Runnable leave = once(() -> leave(connection, opened, isProbe(call)));
    Context context = Context.current().withValue(Peer.KEY, connection.peer());
    try {
      return new Admitted<>(
          Contexts.interceptCall(context, opened, headers, next), opened, connection, leave);
    } catch (RuntimeException e) {
      leave.run();
      throw e;
    }
  }

  /** A load balancer's or an orchestrator's question must not fail because proxies are many. */
  private static boolean isProbe(ServerCall<?, ?> call) {
    return call.getMethodDescriptor()
        .getFullMethodName()
        .equals(HealthGrpc.getCheckMethod().getFullMethodName());
  }

  private Optional<No> enter(Connection connection, boolean probe) {
    if (!connection.enter(limits.streamsPerConnection())) {
      String most =
          "this connection has %d streams, which is the most"
              .formatted(limits.streamsPerConnection());
      return tooMuch(Refusal.CONNECTION_STREAMS, most, "streamsPerConnection");
    }
    if (probe) {
      return Optional.empty();
    }
    if (stopping) {
      connection.leave();
      String message = "the server is stopping; connect to another";
      return Optional.of(new No(Refusal.STOPPING, Status.UNAVAILABLE.withDescription(message)));
    }
    if (!Room.enter(open, limits.streams())) {
      connection.leave();
      String most = "the server has %d streams, which is the most".formatted(limits.streams());
      return tooMuch(Refusal.STREAMS, most, "streams");
    }
    if (!rate.take()) {
      open.decrementAndGet();
      connection.leave();
      String most =
          "more than %d streams were opened in a second; try again later"
              .formatted(limits.newStreamsPerSecond());
      return tooMuch(Refusal.RATE, most, "newStreamsPerSecond");
    }
    return Optional.empty();
  }

  private static Optional<No> tooMuch(Refusal reason, String message, String limit) {
    return Optional.of(new No(reason, exhausted(message, limit)));
  }

  private static Status exhausted(String message, String limit) {
    return Status.RESOURCE_EXHAUSTED.withDescription(message + " (xds.limits." + limit + ")");
  }

  private void refuse(ServerCall<?, ?> call, Connection connection, No no) {
    told(connection, no);
    call.close(no.status(), new Metadata());
  }

  private void told(Connection connection, No no) {
    log.refused(
        no.reason(), connection.peer().toString(), String.valueOf(no.status().getDescription()));
  }

  private void leave(Connection connection, OpenCall<?, ?> call, boolean probe) {
    connection.remove(call);
    connection.leave();
    if (!probe) {
      open.decrementAndGet();
    }
  }

  private static Runnable once(Runnable task) {
    AtomicBoolean done = new AtomicBoolean();
    return () -> {
      if (done.compareAndSet(false, true)) {
        task.run();
      }
    };
  }

  /** Reads what an admitted call asks, and leaves when it ends. */
  private final class Admitted<Q> extends SimpleForwardingServerCallListener<Q> {
    private final OpenCall<Q, ?> call;
    private final Connection connection;
    private final Runnable leave;
    private boolean ended; // On the call's own thread.

    Admitted(
        ServerCall.Listener<Q> service,
        OpenCall<Q, ?> call,
        Connection connection,
        Runnable leave) {
      super(service);
      this.call = call;
      this.connection = connection;
      this.leave = leave;
    }

    @Override
    public void onMessage(Q message) {
      int names = message instanceof NamedRequest named ? named.nameCount() : 0;
      if (ended) {
        return;
      }
      if (names <= limits.namesPerRequest()) {
        super.onMessage(message);
        return;
      }
      String most =
          "the request has %d names, the most is %d; declare the proxy's dependencies"
              .formatted(names, limits.namesPerRequest());
      No no = new No(Refusal.NAMES, exhausted(most, "namesPerRequest"));
      ended = true;
      told(connection, no);
      call.end(no.status());
    }

    @Override
    public void onHalfClose() {
      if (!ended) {
        super.onHalfClose();
      }
    }

    @Override
    public void onCancel() {
      leave.run();
      super.onCancel();
    }

    @Override
    public void onComplete() {
      leave.run();
      super.onComplete();
    }
  }
}
