package dev.sluice.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Any;
import dev.sluice.secret.SecretId;
import dev.sluice.secret.TlsSecret;
import dev.sluice.server.pem.TestPem;
import dev.sluice.translate.SecretResources;
import dev.sluice.translate.SecretUse;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnvoyJsonTest {
  private static final SecretId ID = new SecretId("shop", "edge");
  private static final KeyPair KEY = TestPem.ec();
  private static final Instant END = Instant.parse("2030-01-01T00:00:00Z");
  private static final String CHAIN = TestPem.pem(TestPem.certificate(KEY, END));
  private static final TlsSecret SECRET =
      new TlsSecret(
          ID,
          Optional.of(new TlsSecret.KeyPair(CHAIN, TestPem.pkcs8(KEY), Instant.EPOCH, END)),
          Optional.of(CHAIN));

  @Test
  void ofASecretTheKeyIsNotShownAndTheCertificatesAre() {
    Secret keyPair =
        SecretResources.secret(new SecretUse(ID, SecretUse.Part.KEY_PAIR), SECRET).orElseThrow();
    Secret authorities =
        SecretResources.secret(new SecretUse(ID, SecretUse.Part.AUTHORITIES), SECRET).orElseThrow();

    JsonNode json = EnvoyJson.of(keyPair);

    assertThat(json.path("name").asText()).isEqualTo("edge/shop");
    assertThat(json.at("/tlsCertificate/privateKey").asText()).isEqualTo("[redacted]");
    assertThat(json.at("/tlsCertificate/certificateChain/inlineString").asText()).isEqualTo(CHAIN);
    assertThat(json.toString()).doesNotContain("PRIVATE KEY");
    assertThat(EnvoyJson.of(authorities).at("/validationContext/trustedCa/inlineString").asText())
        .isEqualTo(CHAIN);
  }

  @Test
  void aKeyWithinAnExtensionIsNotShownEither() {
    DataSource key = DataSource.newBuilder().setInlineString(TestPem.pkcs8(KEY)).build();
    UpstreamTlsContext tls =
        UpstreamTlsContext.newBuilder()
            .setCommonTlsContext(
                CommonTlsContext.newBuilder()
                    .addTlsCertificates(
                        TlsCertificate.newBuilder().setPrivateKey(key).setPassword(key)))
            .build();
    Cluster cluster =
        Cluster.newBuilder()
            .setName("orders")
            .setTransportSocket(TransportSocket.newBuilder().setTypedConfig(Any.pack(tls)))
            .build();

    String json = EnvoyJson.of(cluster).toString();

    assertThat(json)
        .contains("\"privateKey\":\"[redacted]\"")
        .contains("\"password\":\"[redacted]\"")
        .contains("orders")
        .doesNotContain("PRIVATE KEY");
  }
}
