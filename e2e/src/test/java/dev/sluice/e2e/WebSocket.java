package dev.sluice.e2e;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A connection that asks to be one, and says lines instead of frames: Envoy reads neither. */
final class WebSocket implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final String statusLine;

  WebSocket(int port, String host, String path) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    ScriptedBackend.write(
        socket.getOutputStream(),
        """
        GET %s HTTP/1.1
        Host: %s
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 13

        """
            .formatted(path, host));
    statusLine = HttpConnection.line(in);
    HttpConnection.headers(in);
  }

  /** What a server says that takes the upgrade, and whatever it is told from then on. */
  static void echo(Map<String, String> headers, InputStream in, OutputStream out)
      throws IOException {
    ScriptedBackend.write(
        out,
        """
        HTTP/1.1 101 Switching Protocols
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Accept: %s

        """
            .formatted(headers.getOrDefault("sec-websocket-key", "")));
    for (int c = in.read(); c >= 0; c = in.read()) {
      out.write(c);
    }
  }

  /** How the request to become one was answered. */
  String statusLine() {
    return statusLine;
  }

  /** Says a line and gives the next one that comes back. */
  String says(String line) throws IOException {
    socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    return HttpConnection.line(in);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
