package dev.sluice.server.xds;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.sluice.server.snapshot.Resource;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * The bytes of a {@code DiscoveryResponse} or {@code DeltaDiscoveryResponse}. It is put together
 * from the resources' own encoded bytes, so a resource is encoded once however many streams it goes
 * to.
 */
record EncodedResponse(ByteString bytes) {
  static EncodedResponse of(Response response) {
    ByteString.Output bytes = ByteString.newOutput(sizeHint(response));
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      switch (response.variant()) {
        case STATE_OF_THE_WORLD -> writeSotw(response, out);
        case DELTA -> writeDelta(response, out);
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return new EncodedResponse(bytes.toByteString());
  }

  private static int sizeHint(Response response) {
    int size = 256;
    for (Resource resource : response.resources()) {
      size += resource.delta().size() + 8;
    }
    return size;
  }

  private static void writeSotw(Response response, CodedOutputStream out) throws IOException {
    out.writeString(DiscoveryResponse.VERSION_INFO_FIELD_NUMBER, response.version());
    for (Resource resource : response.resources()) {
      out.writeBytes(DiscoveryResponse.RESOURCES_FIELD_NUMBER, resource.any());
    }
    out.writeString(DiscoveryResponse.TYPE_URL_FIELD_NUMBER, response.type().typeUrl());
    out.writeString(DiscoveryResponse.NONCE_FIELD_NUMBER, response.nonce());
  }

  private static void writeDelta(Response response, CodedOutputStream out) throws IOException {
    out.writeString(DeltaDiscoveryResponse.SYSTEM_VERSION_INFO_FIELD_NUMBER, response.version());
    for (Resource resource : response.resources()) {
      out.writeBytes(DeltaDiscoveryResponse.RESOURCES_FIELD_NUMBER, resource.delta());
    }
    out.writeString(DeltaDiscoveryResponse.TYPE_URL_FIELD_NUMBER, response.type().typeUrl());
    out.writeString(DeltaDiscoveryResponse.NONCE_FIELD_NUMBER, response.nonce());
    for (String name : response.removed()) {
      out.writeString(DeltaDiscoveryResponse.REMOVED_RESOURCES_FIELD_NUMBER, name);
    }
  }

  /** Hands the transport the prepared bytes. */
  static final Marshaller<EncodedResponse> MARSHALLER =
      new Marshaller<>() {
        @Override
        public InputStream stream(EncodedResponse value) {
          return new Prepared(value.bytes());
        }

        @Override
        public EncodedResponse parse(InputStream stream) {
          try {
            return new EncodedResponse(ByteString.readFrom(stream));
          } catch (IOException e) {
            throw new UncheckedIOException("reading a response failed", e);
          }
        }
      };

  private static final class Prepared extends InputStream implements KnownLength, Drainable {
    private final ByteString bytes;
    private final InputStream input;

    Prepared(ByteString bytes) {
      this.bytes = bytes;
      this.input = bytes.newInput();
    }

    @Override
    public int available() throws IOException {
      return input.available();
    }

    @Override
    public int read() throws IOException {
      return input.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return input.read(target, offset, length);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      if (input.available() < bytes.size()) {
        return Math.toIntExact(input.transferTo(target));
      }
      bytes.writeTo(target);
      input.skipNBytes(bytes.size());
      return bytes.size();
    }
  }
}
