package dev.sluice.bench.load;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The few HTTP/2 frames (RFC 9113) that one gRPC call over its own connection needs. */
final class Http2 {
  static final int HEADER_BYTES = 9;
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int ACK = 1;
  static final int END_STREAM = 1;
  static final int INITIAL_WINDOW_SIZE = 4;
  static final int DEFAULT_WINDOW = 65_535;
  static final int MAX_FRAME = 16_384;

  /** The only stream. */
  static final int STREAM = 1;

  /** Envoy's own windows. */
  static final int STREAM_WINDOW = 16 << 20;

  static final int CONNECTION_WINDOW = 24 << 20;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int END_HEADERS = 4;

  private Http2() {}

  /** The connection's and the call's beginning: preface, settings, window, headers. */
  static void open(ByteBuf out, String path, boolean tls) {
    out.writeBytes(PREFACE);
    frame(out, 12, SETTINGS, 0, 0);
    out.writeShort(2).writeInt(0); // ENABLE_PUSH off
    out.writeShort(INITIAL_WINDOW_SIZE).writeInt(STREAM_WINDOW);
    windowUpdate(out, 0, CONNECTION_WINDOW - DEFAULT_WINDOW);
    int start = out.writerIndex();
    frame(out, 0, HEADERS, END_HEADERS, STREAM);
    out.writeByte(0x83); // :method POST, of HPACK's static table, as the names below
    out.writeByte(tls ? 0x87 : 0x86); // :scheme
    out.writeByte(0x04); // :path, not indexed
    text(out, path);
    out.writeByte(0x01); // :authority
    text(out, "localhost");
    out.writeByte(0x0f).writeByte(0x10); // content-type
    text(out, "application/grpc");
    out.writeByte(0x00);
    text(out, "te");
    text(out, "trailers");
    out.setMedium(start, out.writerIndex() - start - HEADER_BYTES);
  }

  /** The nine bytes before a frame's payload. */
  static void frame(ByteBuf out, int length, int type, int flags, int stream) {
    out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
  }

  /** Gives {@code bytes} of window back to a stream, or to the connection as stream 0. */
  static void windowUpdate(ByteBuf out, int stream, int bytes) {
    frame(out, 4, WINDOW_UPDATE, 0, stream);
    out.writeInt(bytes);
  }

  /** A text of less than 127 bytes, without Huffman coding. */
  private static void text(ByteBuf out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    out.writeByte(bytes.length).writeBytes(bytes);
  }
}
