package dev.sluice.server.xds;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads requests for gRPC, which are then no trees of messages but what the engine looks at. */
final class RequestMarshaller implements Marshaller<WireRequest> {
  private final Variant variant;
  private final NameLists names;

  RequestMarshaller(Variant variant, NameLists names) {
    this.variant = variant;
    this.names = names;
  }

  @Override
  public WireRequest parse(InputStream stream) {
    byte[] bytes;
    try {
      bytes = bytes(stream);
    } catch (IOException e) {
      throw new UncheckedIOException("reading a request failed", e);
    }
    try {
      return new RequestReader(variant, names, bytes).read();
    } catch (IOException e) {
      throw Status.INTERNAL
          .withDescription("Invalid protobuf byte sequence")
          .withCause(e)
          .asRuntimeException();
    }
  }

  private static byte[] bytes(InputStream stream) throws IOException {
    if (stream instanceof KnownLength) {
      byte[] bytes = new byte[stream.available()];
      if (stream.readNBytes(bytes, 0, bytes.length) == bytes.length) {
        return bytes;
      }
      throw new IOException("a request is shorter than announced");
    }
    return stream.readAllBytes();
  }

  @Override
  public InputStream stream(WireRequest value) {
    throw new UnsupportedOperationException("a server sends no requests");
  }
}
