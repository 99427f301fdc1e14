package dev.sluice.e2e;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An instance that answers each request as a script writes it, byte by byte. */
final class ScriptedBackend implements AutoCloseable {
  /** Answers one request, whose head and body have been read. */
  interface Script {
    /**
     * Writes the answer.
     *
     * @param in what else the caller sends
     */
    void answer(Map<String, String> headers, InputStream in, OutputStream out)
        throws IOException, InterruptedException;
  }

  private final ServerSocket listener;
  private final Script script;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final List<Long> arrivals = new CopyOnWriteArrayList<>();

  private ScriptedBackend(Script script) throws IOException {
    this.script = script;
    this.listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  static ScriptedBackend start(Script script) {
    try {
      return new ScriptedBackend(script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  /** The service {@code orders} with this one instance. */
  String orders() {
    return Documents.service(List.of(Documents.instance(port(), "v1")), "http");
  }

  /** When requests arrived, in {@link System#nanoTime}. */
  List<Long> arrivals() {
    return List.copyOf(arrivals);
  }

  /** Writes text with the line ends that HTTP has. */
  static void write(OutputStream out, String text) throws IOException {
    out.write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
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
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 8192);
      while (true) {
        HttpConnection.line(in);
        Map<String, String> headers = HttpConnection.headers(in);
        HttpConnection.body(in, headers);
        arrivals.add(System.nanoTime());
        script.answer(headers, in, socket.getOutputStream());
      }
    } catch (IOException e) {
      // The caller is gone; the next connection is another one's.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(socket);
    }
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : connections) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
