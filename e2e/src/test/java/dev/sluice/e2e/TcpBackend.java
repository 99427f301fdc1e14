package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** An instance of a TCP service: it greets with its name, and sends back what it is sent. */
final class TcpBackend implements AutoCloseable {
  private final String name;
  private final ServerSocket listener;
  private final Thread acceptor;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  private TcpBackend(String name) throws IOException {
    this.name = name;
    this.listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    this.acceptor = Thread.ofVirtual().start(this::accept);
  }

  static TcpBackend start(String name) {
    try {
      return new TcpBackend(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return name;
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many connections are open to it. */
  int connections() {
    return connections.size();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        connections.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed: nobody is listened to any more.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.getOutputStream().write((name + "\n").getBytes(StandardCharsets.ISO_8859_1));
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      // The caller is gone; the next connection is another one's.
    } finally {
      connections.remove(socket);
    }
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() {
    try {
      listener.close();
      acceptor.join(); // Until it has left accept(), the system still takes connections.
      for (Socket socket : connections) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
