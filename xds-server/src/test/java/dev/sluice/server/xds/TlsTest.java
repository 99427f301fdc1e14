package dev.sluice.server.xds;

import static dev.sluice.server.xds.TransportServer.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.transport.IdentityRule;
import dev.sluice.server.transport.IdentityUri;
import dev.sluice.server.transport.Refusal;
import dev.sluice.server.transport.TestAuthority;
import dev.sluice.server.transport.TlsFiles;
import dev.sluice.server.transport.TransportSettings;
import io.envoyproxy.envoy.service.status.v3.ClientStatusDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS, mutual TLS and identities at the wire. */
class TlsTest {
  @TempDir private static Path folder;

  private static TestAuthority authority;
  private static TlsFiles own;
  private static TlsFiles web;

  @BeforeAll
  static void certificates() {
    authority = TestAuthority.create(folder, "root");
    own = authority.issue("server", "dns:localhost");
    web = authority.issue("web", "uri:spiffe://td/ns/shop/sa/web");
  }

  private static TransportSettings with(TlsFiles files) {
    return TransportSettings.OPEN.withTls(files);
  }

  @Test
  void withTlsAClientNeedsNoCertificate() throws Exception {
    TlsFiles withoutClients = new TlsFiles(own.cert(), own.key(), null);
    try (TransportServer server = new TransportServer(with(withoutClients))) {
      connect(
          server.channel(
              TlsChannelCredentials.newBuilder().trustManager(authority.root().toFile()).build()),
          "web-1");
      server.awaitProxies("web-1");

      assertThat(connect(server.channel(), "plain").end().getCode())
          .as("without TLS")
          .isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void withMutualTlsAClientNeedsACertificateOfTheRoot() throws Exception {
    TestAuthority foreign = TestAuthority.create(folder, "foreign");
    TlsFiles stranger = foreign.issue("stranger", "uri:spiffe://td/ns/shop/sa/web");
    TlsFiles late = authority.issueExpired("late", "uri:spiffe://td/ns/shop/sa/web");
    try (TransportServer server = new TransportServer(with(own))) {
      connect(server.channel(authority, web), "web-1");
      server.awaitProxies("web-1");

      var nameless =
          server.channel(
              TlsChannelCredentials.newBuilder().trustManager(authority.root().toFile()).build());
      assertThat(connect(nameless, "none").end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(server.metrics.refusals()).isEmpty();
      assertThat(connect(server.channel(authority, stranger), "x").end().getCode())
          .isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(connect(server.channel(authority, late), "y").end().getCode())
          .isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(server.metrics.refusals()).containsOnlyKeys(Refusal.CERTIFICATE);
      server.awaitProxies("web-1");
    }
  }

  @Test
  void newFilesHoldForNewConnectionsAndOldConnectionsGoOn() throws Exception {
    TestAuthority first = TestAuthority.create(folder, "first");
    TlsFiles files = first.issue("rotated", "dns:localhost");
    TlsFiles old = first.issue("old", "uri:spiffe://td/ns/shop/sa/web");
    try (TransportServer server = new TransportServer(with(files))) {
      connect(server.channel(first, old), "before");
      server.awaitProxies("before");

      TestAuthority next = TestAuthority.create(folder, "next");
      Files.copy(next.root(), first.root(), StandardCopyOption.REPLACE_EXISTING);
      next.issue("rotated", "dns:localhost");
      await().until(() -> server.metrics.loads() >= 2);
      TlsFiles after = next.issue("after", "uri:spiffe://td/ns/shop/sa/web");
      // The files are not replaced at one moment, so what is loaded first may be half of them.
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                connect(server.channel(next, after), "after");
                return server.hasProxyWithin(Duration.ofSeconds(1), "after");
              });
      server.awaitProxies("after", "before");

      assertThat(connect(server.channel(next, old), "old").end().getCode())
          .as("the old root is not trusted any more")
          .isEqualTo(Status.Code.UNAVAILABLE);
      server.awaitProxies("after", "before");
    }
  }

  @Test
  void aProxyClaimsWhatItsIdentityAllowsAndNothingElse() throws Exception {
    TransportSettings settings =
        with(own)
            .withIdentity(
                List.of(
                    new IdentityRule(
                        IdentityUri.parse("spiffe://td/ns/{namespace}/sa/{service}"), null, null)));
    TlsFiles orders = authority.issue("orders", "uri:spiffe://td/ns/shop/sa/orders");
    TlsFiles nobody = authority.issue("nobody", "dns:web.shop");
    try (TransportServer server = new TransportServer(settings)) {
      connect(server.channel(authority, web), "web-1");
      server.awaitProxies("web-1");

      Status other = connect(server.channel(authority, orders), "web-2").end();
      assertThat(other.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(other.getDescription())
          .isEqualTo(
              "spiffe://td/ns/shop/sa/orders may not be the proxy web-2, a sidecar of web.shop:"
                  + " xds.identity[0] wants spiffe://td/ns/shop/sa/web");
      Status without = connect(server.channel(authority, nobody), "web-3").end();
      assertThat(without.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(without.getDescription()).contains("has no URI name");
      assertThat(server.metrics.refusals()).containsEntry(Refusal.IDENTITY, 2).hasSize(1);
      server.awaitProxies("web-1");
    }
  }

  @Test
  void theClientStatusesTellOfThoseThatTheIdentityMayClaimToBe() throws Exception {
    TransportSettings settings =
        with(own)
            .withIdentity(
                List.of(
                    new IdentityRule(
                        IdentityUri.parse("spiffe://td/ns/{namespace}/sa/{service}"), null, null),
                    new IdentityRule(IdentityUri.parse("spiffe://td/ops"), "*", null)));
    TlsFiles orders = authority.issue("orders-2", "uri:spiffe://td/ns/shop/sa/orders");
    TlsFiles ops = authority.issue("ops", "uri:spiffe://td/ops");
    try (TransportServer server = new TransportServer(settings)) {
      connect(server.channel(authority, web), "web-1");
      server.awaitProxies("web-1");

      assertThat(statuses(server.channel(authority, web))).containsExactly("web-1");
      assertThat(statuses(server.channel(authority, ops))).containsExactly("web-1");
      assertThat(statuses(server.channel(authority, orders))).isEmpty();
      assertThat(server.metrics.refusals()).as("to look is no false claim").isEmpty();
    }
  }

  private static List<String> statuses(ManagedChannel channel) {
    return ClientStatusDiscoveryServiceGrpc.newBlockingStub(channel)
        .fetchClientStatus(ClientStatusRequest.getDefaultInstance())
        .getConfigList()
        .stream()
        .map(config -> config.getNode().getId())
        .toList();
  }
}
