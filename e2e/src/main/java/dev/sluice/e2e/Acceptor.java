package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A port of this machine whose connections are served each on a thread of its own. */
final class Acceptor implements AutoCloseable {
  /** Serves one connection, which is closed when this returns or throws. */
  interface Conversation {
    /**
     * Talks with the caller until one of the two has enough.
     *
     * @throws IOException when the caller is gone, or the acceptor closed
     */
    void with(Socket caller) throws IOException, InterruptedException;
  }

  private final ServerSocket listener;
  private final Conversation conversation;
  private final Thread thread;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();

  private Acceptor(InetSocketAddress address, Conversation conversation) throws IOException {
    this.conversation = conversation;
    this.listener = new ServerSocket(address.getPort(), 512, address.getAddress());
    this.thread = Thread.ofVirtual().start(this::accept);
  }

  /** Listens on a port of loopback that the system gives. */
  static Acceptor start(Conversation conversation) {
    return start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), conversation);
  }

  /** Listens at an address of this machine. */
  static Acceptor start(InetSocketAddress address, Conversation conversation) {
    try {
      return new Acceptor(address, conversation);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many connections are open. */
  int open() {
    return connections.size();
  }

  /** How many connections there have been. */
  int accepted() {
    return accepted.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket caller = listener.accept();
        accepted.incrementAndGet();
        connections.add(caller);
        Thread.ofVirtual().start(() -> serve(caller));
      }
    } catch (IOException e) {
      // Closed: nobody is listened to any more.
    }
  }

  private void serve(Socket caller) {
    try (caller) {
      conversation.with(caller);
    } catch (IOException e) {
      // The caller is gone; the next connection is another one's.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(caller);
    }
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() {
    try {
      listener.close();
      thread.join(); // Until it has left accept(), the system still takes connections.
      for (Socket caller : connections) {
        caller.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
