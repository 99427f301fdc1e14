package dev.sluice.e2e;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** An instance of a TCP service: it greets with its name, and sends back what it is sent. */
final class TcpBackend implements AutoCloseable {
  private final String name;
  private final Acceptor acceptor;

  private TcpBackend(String name) {
    this.name = name;
    this.acceptor = Acceptor.start(this::echo);
  }

  static TcpBackend start(String name) {
    return new TcpBackend(name);
  }

  String name() {
    return name;
  }

  int port() {
    return acceptor.port();
  }

  /** How many connections are open to it. */
  int connections() {
    return acceptor.open();
  }

  private void echo(Socket socket) throws IOException {
    socket.getOutputStream().write((name + "\n").getBytes(StandardCharsets.ISO_8859_1));
    socket.getInputStream().transferTo(socket.getOutputStream());
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() {
    acceptor.close();
  }
}
