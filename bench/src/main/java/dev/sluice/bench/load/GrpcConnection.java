package dev.sluice.bench.load;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One gRPC call over an HTTP/2 connection of its own, with as little work as the protocol allows,
 * so that many such clients take less time than the server that they measure.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails comes as exceptionCaught.
final class GrpcConnection extends ByteToMessageDecoder {
  /** What the call's user is told, on the connection's event loop. */
  interface Call {
    /** The server's settings are here: requests may be sent. */
    void opened(GrpcConnection connection);

    /** A whole message; it is the callee's only during the call. */
    void message(GrpcConnection connection, ByteBuf message);

    /** The call is over. Told once. */
    void closed(String reason);
  }

  private static final int PREFIX_BYTES = 5;
  private static final int WINDOW_RETURNED_AT = 4 << 20;

  private final Call call;
  private final String path;
  private final boolean tls;
  private ByteBuf partial = Unpooled.EMPTY_BUFFER;
  private ByteBuf waiting = Unpooled.EMPTY_BUFFER;
  private @Nullable ChannelHandlerContext context;
  private int streamWindow = Http2.DEFAULT_WINDOW;
  private int initialWindow = Http2.DEFAULT_WINDOW;
  private int connectionWindow = Http2.DEFAULT_WINDOW;
  private int consumed;
  private boolean isOpen;
  private boolean isClosed;

  GrpcConnection(Call call, String path, boolean tls) {
    this.call = call;
    this.path = path;
    this.tls = tls;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    context = ctx;
    ByteBuf out = ctx.alloc().buffer(256);
    Http2.open(out, path, tls);
    ctx.writeAndFlush(out, ctx.voidPromise());
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    while (in.readableBytes() >= Http2.HEADER_BYTES) {
      int length = in.getUnsignedMedium(in.readerIndex());
      if (in.readableBytes() < Http2.HEADER_BYTES + length) {
        return;
      }
      int type = in.getUnsignedByte(in.readerIndex() + 3);
      int flags = in.getUnsignedByte(in.readerIndex() + 4);
      int stream = in.getInt(in.readerIndex() + 5);
      in.skipBytes(Http2.HEADER_BYTES);
      int end = in.readerIndex() + length;
      frame(ctx, type, flags, stream, in.slice(in.readerIndex(), length));
      in.readerIndex(end);
    }
  }

  private void frame(ChannelHandlerContext ctx, int type, int flags, int stream, ByteBuf payload) {
    switch (type) {
      case Http2.DATA -> data(ctx, payload);
      case Http2.SETTINGS -> settings(ctx, flags, payload);
      case Http2.PING -> ping(ctx, flags, payload);
      case Http2.WINDOW_UPDATE -> window(stream, payload.readInt());
      case Http2.RST_STREAM -> closed("stream reset, code " + payload.readInt());
      case Http2.GOAWAY -> closed("server goes away");
      case Http2.HEADERS -> {
        if ((flags & Http2.END_STREAM) != 0) {
          closed("stream ended by the server");
        }
      }
      default -> {} // CONTINUATION of headers that are not read, and what is not known
    }
  }

  private void data(ChannelHandlerContext ctx, ByteBuf payload) {
    consumed += payload.readableBytes();
    messages(payload);
    if (consumed >= WINDOW_RETURNED_AT) {
      ByteBuf out = ctx.alloc().buffer(26);
      Http2.windowUpdate(out, 0, consumed);
      Http2.windowUpdate(out, Http2.STREAM, consumed);
      ctx.write(out, ctx.voidPromise());
      consumed = 0;
    }
  }

  private void messages(ByteBuf payload) {
    boolean isContinued = partial.isReadable();
    ByteBuf in = isContinued ? partial.writeBytes(payload) : payload;
    while (in.readableBytes() >= PREFIX_BYTES) {
      int length = in.getInt(in.readerIndex() + 1);
      if (in.readableBytes() < PREFIX_BYTES + length) {
        break;
      }
      call.message(this, in.slice(in.readerIndex() + PREFIX_BYTES, length));
      in.skipBytes(PREFIX_BYTES + length);
    }
    if (isContinued) {
      if (!partial.isReadable()) {
        release();
      }
    } else if (in.isReadable()) {
      int size = in.readableBytes() < PREFIX_BYTES ? 64 : in.getInt(in.readerIndex() + 1) + 5;
      partial = Unpooled.buffer(size).writeBytes(in);
    }
  }

  private void release() {
    partial.release();
    partial = Unpooled.EMPTY_BUFFER;
  }

  private void settings(ChannelHandlerContext ctx, int flags, ByteBuf payload) {
    if ((flags & Http2.ACK) != 0) {
      return;
    }
    while (payload.isReadable()) {
      int id = payload.readUnsignedShort();
      int value = payload.readInt();
      if (id == Http2.INITIAL_WINDOW_SIZE) {
        streamWindow += value - initialWindow;
        initialWindow = value;
      }
    }
    ByteBuf out = ctx.alloc().buffer(Http2.HEADER_BYTES);
    Http2.frame(out, 0, Http2.SETTINGS, Http2.ACK, 0);
    ctx.write(out, ctx.voidPromise());
    if (!isOpen) {
      isOpen = true;
      call.opened(this);
    }
    sendWaiting();
  }

  private void ping(ChannelHandlerContext ctx, int flags, ByteBuf payload) {
    if ((flags & Http2.ACK) == 0) {
      ByteBuf out = ctx.alloc().buffer(Http2.HEADER_BYTES + 8);
      Http2.frame(out, 8, Http2.PING, Http2.ACK, 0);
      out.writeBytes(payload, 8);
      ctx.write(out, ctx.voidPromise());
    }
  }

  private void window(int stream, int increment) {
    if (stream == 0) {
      connectionWindow += increment;
    } else {
      streamWindow += increment;
    }
    sendWaiting();
  }

  /** Sends one message as the server's windows allow; it leaves at the end of the read. */
  void send(ByteBuf message) {
    int length = message.readableBytes();
    ByteBuf framed = Unpooled.buffer(PREFIX_BYTES + length);
    framed.writeByte(0).writeInt(length).writeBytes(message);
    message.release();
    waiting = waiting.isReadable() ? Unpooled.wrappedBuffer(waiting, framed) : framed;
    sendWaiting();
  }

  private void sendWaiting() {
    ChannelHandlerContext ctx = context;
    while (ctx != null && waiting.isReadable()) {
      int window = Math.min(Math.min(streamWindow, connectionWindow), Http2.MAX_FRAME);
      int length = Math.min(window, waiting.readableBytes());
      if (length <= 0) {
        return;
      }
      ByteBuf out = ctx.alloc().buffer(Http2.HEADER_BYTES + length);
      Http2.frame(out, length, Http2.DATA, 0, Http2.STREAM);
      out.writeBytes(waiting, length);
      streamWindow -= length;
      connectionWindow -= length;
      ctx.write(out, ctx.voidPromise());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    super.channelReadComplete(ctx);
    ctx.flush();
  }

  /** Closes the connection without a word, as a proxy that is killed does. */
  void close() {
    isClosed = true;
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      ctx.close();
    }
  }

  private void closed(String reason) {
    if (!isClosed) {
      isClosed = true;
      call.closed(reason);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    super.channelInactive(ctx);
    closed("connection closed");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    closed(String.valueOf(cause));
    ctx.close();
  }
}
