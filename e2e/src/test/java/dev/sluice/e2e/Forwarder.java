package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;

/**
 * A TCP address behind which one server stands and then another, as a load balancer's: connections
 * that are there stay where they are until they are dropped.
 */
final class Forwarder implements AutoCloseable {
  private final ServerSocket listener;
  private final Set<Socket> sockets = new HashSet<>();
  private int target;

  /** Forwards to the loopback port {@code target}. */
  Forwarder(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Sends new connections there. */
  synchronized void to(int port) {
    target = port;
  }

  /** Ends every connection; whoever had it comes anew. */
  synchronized void drop() {
    sockets.forEach(Forwarder::end);
    sockets.clear();
  }

  private void accept() {
    try {
      while (true) {
        connect(listener.accept());
      }
    } catch (IOException e) {
      // Closed: nobody is forwarded any more.
    }
  }

  private synchronized void connect(Socket client) {
    try {
      client.setTcpNoDelay(true);
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      server.setTcpNoDelay(true);
      sockets.add(client);
      sockets.add(server);
      Thread.ofVirtual().start(() -> copy(client, server));
      Thread.ofVirtual().start(() -> copy(server, client));
    } catch (IOException e) {
      end(client); // Nobody listens there, so nobody listens here.
    }
  }

  private void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One side is gone, and so is the other.
    }
    synchronized (this) {
      sockets.remove(from);
      sockets.remove(to);
    }
    end(from);
    end(to);
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    drop();
  }
}
