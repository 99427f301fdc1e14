package dev.sluice.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** A connection to a {@link TcpBackend} through an Envoy. */
final class TcpConnection implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket;
  private final BufferedReader in;
  private final String greeting;

  private TcpConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    greeting = line();
  }

  static TcpConnection open(int port) {
    try {
      return new TcpConnection(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often each instance greeted, of so many connections one after the other. */
  static Map<String, Long> greetings(int port, int connections) {
    Map<String, Long> greetings = new TreeMap<>();
    for (int i = 0; i < connections; i++) {
      try (TcpConnection connection = open(port)) {
        greetings.merge(connection.greeting(), 1L, Long::sum);
      }
    }
    return greetings;
  }

  /** The instance's name; empty where the connection was closed before it said anything. */
  String greeting() {
    return greeting;
  }

  /** What comes back of a word; empty where the connection is closed. */
  String echo(String word) {
    try {
      socket.getOutputStream().write((word + "\n").getBytes(StandardCharsets.ISO_8859_1));
      return line();
    } catch (IOException e) {
      return "";
    }
  }

  private String line() throws IOException {
    String line = in.readLine();
    return line == null ? "" : line;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
