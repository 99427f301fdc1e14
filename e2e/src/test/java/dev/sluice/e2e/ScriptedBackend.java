package dev.sluice.e2e;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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

  private final Acceptor acceptor;
  private final Script script;
  private final List<Long> arrivals = new CopyOnWriteArrayList<>();

  private ScriptedBackend(Script script) {
    this.script = script;
    this.acceptor = Acceptor.start(this::serve);
  }

  static ScriptedBackend start(Script script) {
    return new ScriptedBackend(script);
  }

  int port() {
    return acceptor.port();
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

  private void serve(Socket socket) throws IOException, InterruptedException {
    socket.setTcpNoDelay(true);
    InputStream in = new BufferedInputStream(socket.getInputStream(), 8192);
    while (true) {
      HttpConnection.line(in);
      Map<String, String> headers = HttpConnection.headers(in);
      HttpConnection.body(in, headers);
      arrivals.add(System.nanoTime());
      script.answer(headers, in, socket.getOutputStream());
    }
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() {
    acceptor.close();
  }
}
