package dev.sluice.bench.load;

import com.google.protobuf.CodedInputStream;
import io.envoyproxy.envoy.config.core.v3.BuildVersion;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.type.v3.SemanticVersion;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;

/** The requests of a proxy, in both variants. */
record XdsMessages(Variant variant) {
  /** The first request for clusters: all of them, with the versions that the proxy has. */
  ByteBuf clusters(int proxy, String version, Map<String, String> versions) {
    return bytes(
        switch (variant) {
          case DELTA ->
              DeltaDiscoveryRequest.newBuilder()
                  .setNode(node(proxy))
                  .setTypeUrl(Contents.CDS)
                  .putAllInitialResourceVersions(versions)
                  .build()
                  .toByteArray();
          case SOTW ->
              DiscoveryRequest.newBuilder()
                  .setNode(node(proxy))
                  .setTypeUrl(Contents.CDS)
                  .setVersionInfo(version)
                  .build()
                  .toByteArray();
        });
  }

  /** The first request for endpoints. */
  ByteBuf endpoints(Collection<String> names, String version, Map<String, String> versions) {
    return bytes(
        switch (variant) {
          case DELTA ->
              DeltaDiscoveryRequest.newBuilder()
                  .setTypeUrl(Contents.EDS)
                  .addAllResourceNamesSubscribe(names)
                  .putAllInitialResourceVersions(versions)
                  .build()
                  .toByteArray();
          case SOTW ->
              DiscoveryRequest.newBuilder()
                  .setTypeUrl(Contents.EDS)
                  .addAllResourceNames(names)
                  .setVersionInfo(version)
                  .build()
                  .toByteArray();
        });
  }

  /**
   * The acknowledgement of {@code response}.
   *
   * @param names what a state-of-the-world request for endpoints repeats: {@link #names}
   */
  ByteBuf acknowledge(ResponseScan response, byte[] names) {
    String typeUrl = response.isEndpoints() ? Contents.EDS : Contents.CDS;
    boolean isDelta = variant == Variant.DELTA;
    ByteBuf out = Unpooled.buffer(128 + (isDelta ? 0 : names.length));
    if (!isDelta) {
      text(out, DiscoveryRequest.VERSION_INFO_FIELD_NUMBER, response.version());
      if (response.isEndpoints()) {
        out.writeBytes(names);
      }
    }
    text(
        out,
        isDelta
            ? DeltaDiscoveryRequest.TYPE_URL_FIELD_NUMBER
            : DiscoveryRequest.TYPE_URL_FIELD_NUMBER,
        typeUrl);
    text(
        out,
        isDelta
            ? DeltaDiscoveryRequest.RESPONSE_NONCE_FIELD_NUMBER
            : DiscoveryRequest.RESPONSE_NONCE_FIELD_NUMBER,
        response.nonce());
    return out;
  }

  /** The encoded {@code resource_names} of a state-of-the-world request. */
  static byte[] names(Collection<String> names) {
    return DiscoveryRequest.newBuilder().addAllResourceNames(names).build().toByteArray();
  }

  /** Whether a request is for endpoints, found without decoding it. */
  static boolean isEndpointRequest(Variant variant, byte[] request) {
    int typeUrl =
        variant == Variant.DELTA
            ? DeltaDiscoveryRequest.TYPE_URL_FIELD_NUMBER
            : DiscoveryRequest.TYPE_URL_FIELD_NUMBER;
    CodedInputStream in = CodedInputStream.newInstance(request);
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag >>> 3 == typeUrl) {
          return in.readRawVarint32() == Contents.EDS.length();
        }
        in.skipField(tag);
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("not a discovery request", e);
    }
  }

  static Node node(int proxy) {
    return Node.newBuilder()
        .setId(String.format(Locale.ROOT, "sidecar-%05d", proxy))
        .setCluster("bench.default")
        .setUserAgentName("envoy")
        .setUserAgentBuildVersion(
            BuildVersion.newBuilder()
                .setVersion(SemanticVersion.newBuilder().setMajorNumber(1).setMinorNumber(40)))
        .build();
  }

  /** A field of ASCII text that is shorter than 128 bytes. */
  private static void text(ByteBuf out, int field, String text) {
    out.writeByte((field << 3) | 2).writeByte(text.length());
    out.writeCharSequence(text, StandardCharsets.US_ASCII);
  }

  private static ByteBuf bytes(byte[] bytes) {
    return Unpooled.wrappedBuffer(bytes);
  }
}
