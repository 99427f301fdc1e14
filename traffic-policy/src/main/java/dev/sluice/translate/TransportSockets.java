package dev.sluice.translate;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import dev.sluice.catalog.Protocol;
import dev.sluice.policy.attach.UpstreamTlsPolicy;
import dev.sluice.spec.IpLiteral;
import dev.sluice.spec.TlsVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext.CombinedCertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher.SanType;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;

/**
 * TLS towards clients and towards instances ({@code TransportSocket}). Certificates come over SDS,
 * so that a renewed one changes neither Listener nor Cluster and ends no connection.
 */
final class TransportSockets {
  /**
   * How long a Listener or Cluster waits for a secret before it starts without, and refuses
   * connections: a secret that nobody has must not hold up the rest for long.
   */
  private static final Duration SECRET_WAIT = Duration.newBuilder().setSeconds(2).build();

  private static final ConfigSource SDS =
      Protos.ADS.toBuilder().setInitialFetchTimeout(SECRET_WAIT).build();

  private TransportSockets() {}

  /** What clients of a Gateway's listener speak to. */
  static TransportSocket downstream(TlsChain chain) {
    CommonTlsContext common =
        CommonTlsContext.newBuilder()
            .addTlsCertificateSdsSecretConfigs(sds(chain.certificate()))
            .setTlsParams(
                TlsParameters.newBuilder().setTlsMinimumProtocolVersion(version(chain.oldest())))
            .addAllAlpnProtocols(List.of("h2", "http/1.1"))
            .build();
    return tls(DownstreamTlsContext.newBuilder().setCommonTlsContext(common).build());
  }

  /** What instances are spoken to over; they have to show a certificate with one of the names. */
  static TransportSocket upstream(UpstreamTlsPolicy policy, Protocol protocol) {
    CertificateValidationContext.Builder names = CertificateValidationContext.newBuilder();
    policy.sans().forEach(san -> names.addMatchTypedSubjectAltNames(matcher(san)));
    CommonTlsContext.Builder common =
        CommonTlsContext.newBuilder()
            .setTlsParams(
                TlsParameters.newBuilder()
                    .setTlsMinimumProtocolVersion(TlsProtocol.TLSv1_2)
                    // Envoy offers servers no 1.3 unless told.
                    .setTlsMaximumProtocolVersion(TlsProtocol.TLSv1_3))
            .setCombinedValidationContext(
                CombinedCertificateValidationContext.newBuilder()
                    .setDefaultValidationContext(names)
                    .setValidationContextSdsSecretConfig(
                        sds(SecretUse.authorities(policy.authorities()))))
            .addAllAlpnProtocols(alpn(protocol));
    policy
        .certificate()
        .ifPresent(id -> common.addTlsCertificateSdsSecretConfigs(sds(SecretUse.keyPair(id))));
    UpstreamTlsContext.Builder context =
        UpstreamTlsContext.newBuilder().setCommonTlsContext(common);
    policy.sni().ifPresent(context::setSni);
    return tls(context.build());
  }

  private static TransportSocket tls(Message context) {
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.tls")
        .setTypedConfig(Any.pack(context))
        .build();
  }

  private static SdsSecretConfig sds(SecretUse use) {
    return SdsSecretConfig.newBuilder().setName(use.name()).setSdsConfig(SDS).build();
  }

  private static TlsProtocol version(TlsVersion version) {
    return switch (version) {
      case V1_2 -> TlsProtocol.TLSv1_2;
      case V1_3 -> TlsProtocol.TLSv1_3;
    };
  }

  private static List<String> alpn(Protocol protocol) {
    return switch (protocol) {
      case HTTP -> List.of("http/1.1");
      case HTTP2, GRPC -> List.of("h2");
      case TCP -> List.of();
    };
  }

  private static SubjectAltNameMatcher matcher(String san) {
    return SubjectAltNameMatcher.newBuilder()
        .setSanType(type(san))
        .setMatcher(StringMatcher.newBuilder().setExact(san))
        .build();
  }

  private static SanType type(String san) {
    if (san.contains("://")) {
      return SanType.URI;
    }
    return IpLiteral.isIpLiteral(san) ? SanType.IP_ADDRESS : SanType.DNS;
  }
}
