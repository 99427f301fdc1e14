package dev.sluice.e2e;

import dev.sluice.e2e.RandomRoutes.RandomRequest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Requests over one connection, each another; its number is its user agent. */
final class ExplainedRequests implements AutoCloseable {
  private static final List<Integer> WITHOUT_BODY = List.of(204, 304);

  private final Socket socket;
  private final InputStream in;

  ExplainedRequests(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(10_000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** What came back. */
  record Reply(int status, Map<String, String> headers, String body) {}

  Reply send(RandomRequest request, int number) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(request.method() + " " + request.path() + " HTTP/1.1\r\n");
    text.append("host: " + request.host() + "\r\nuser-agent: " + number + "\r\n");
    request.headers().forEach(it -> text.append(it.name() + ": " + it.value() + "\r\n"));
    if (!List.of("GET", "HEAD").contains(request.method())) {
      text.append("content-length: 0\r\n");
    }
    socket.getOutputStream().write(text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    int status = Integer.parseInt(HttpConnection.line(in).substring(9, 12));
    Map<String, String> headers = HttpConnection.headers(in);
    boolean bare = request.method().equals("HEAD") || WITHOUT_BODY.contains(status);
    return new Reply(status, headers, bare ? "" : HttpConnection.body(in, headers));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
