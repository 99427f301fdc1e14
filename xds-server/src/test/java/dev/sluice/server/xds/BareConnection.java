package dev.sluice.server.xds;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A TCP connection on which HTTP/2 is written by hand, so that it can be left in any state: no
 * library says goodbye when it is closed.
 */
final class BareConnection implements AutoCloseable {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int END_HEADERS = 4;

  private final Socket socket;
  private final OutputStream out;

  BareConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    out = socket.getOutputStream();
    out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0]);
  }

  /** Opens the connection's one stream: delta, aggregated. */
  void open() throws IOException {
    Map<String, String> headers = new TreeMap<>();
    headers.put(":authority", "localhost");
    headers.put(":method", "POST");
    headers.put(
        ":path", "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources");
    headers.put(":scheme", "http");
    headers.put("content-type", "application/grpc");
    headers.put("te", "trailers");
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    headers.forEach(
        (name, value) -> {
          block.write(0); // A literal without indexing, whose name is new.
          block.write(name.length());
          block.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
          block.write(value.length());
          block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
        });
    frame(HEADERS, END_HEADERS, 1, block.toByteArray());
  }

  void send(DeltaDiscoveryRequest request) throws IOException {
    byte[] message = message(request);
    frame(DATA, 0, 1, message);
  }

  /** Sends no more than the first half of a request. */
  void sendHalf(DeltaDiscoveryRequest request) throws IOException {
    byte[] message = message(request);
    byte[] half = new byte[message.length / 2];
    System.arraycopy(message, 0, half, 0, half.length);
    frame(DATA, 0, 1, half);
  }

  private static byte[] message(DeltaDiscoveryRequest request) {
    byte[] bytes = request.toByteArray();
    return ByteBuffer.allocate(5 + bytes.length)
        .put((byte) 0)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame =
        ByteBuffer.allocate(9 + payload.length)
            .put((byte) (payload.length >> 16))
            .putShort((short) payload.length)
            .put((byte) type)
            .put((byte) flags)
            .putInt(stream)
            .put(payload);
    out.write(frame.array());
  }

  /** Waits for a first byte from the server, whose own settings are that. */
  void awaitAnything() throws IOException {
    int first = socket.getInputStream().read();
    if (first < 0) {
      throw new IOException("the server closed the connection");
    }
  }

  /** Closes with a reset, whatever is under way. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Closes without a word. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
