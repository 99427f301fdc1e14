package dev.sluice.e2e;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection that is kept alive: so small that it neither retries nor hides anything,
 * as the JDK's client would. Used by one thread.
 */
final class HttpConnection implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;
  private boolean open = true;

  HttpConnection(int port, @Nullable ClientTls tls) throws IOException {
    Socket plain = new Socket();
    plain.setTcpNoDelay(true);
    plain.setSoTimeout(TIMEOUT_MILLIS);
    plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
    socket = tls == null ? plain : secured(plain, tls);
    in = new BufferedInputStream(socket.getInputStream(), 8192);
  }

  private static Socket secured(Socket plain, ClientTls tls) throws IOException {
    try {
      return tls.over(plain);
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /** Whether another request may be sent: neither side has asked to close. */
  boolean isOpen() {
    return open;
  }

  /** Sends a whole request and reads its whole answer. */
  Answer exchange(byte[] request) throws IOException {
    long sent = System.nanoTime();
    open = false; // Until the answer is complete.
    socket.getOutputStream().write(request);
    String statusLine = line(in);
    int status = Integer.parseInt(statusLine.substring(9, 12));
    Map<String, String> headers = headers(in);
    String body = body(in, headers);
    open = !"close".equalsIgnoreCase(headers.get("connection"));
    return new Answer(sent, System.nanoTime(), status, headers, body);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  static Map<String, String> headers(InputStream in) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  static String body(InputStream in, Map<String, String> headers) throws IOException {
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      StringBuilder text = new StringBuilder();
      while (true) {
        int size = Integer.parseInt(line(in), 16);
        text.append(bytes(in, size));
        line(in);
        if (size == 0) {
          return text.toString();
        }
      }
    }
    return bytes(in, Integer.parseInt(headers.getOrDefault("content-length", "0")));
  }

  /** The next line without its end; fails at the end of the stream. */
  static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static String bytes(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the connection was closed within a body");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
