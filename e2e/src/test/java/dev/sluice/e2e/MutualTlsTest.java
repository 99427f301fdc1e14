package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.CertificateAuthority.Issued;
import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.bootstrap.ServerTrust;
import dev.sluice.server.transport.ConnectionAge;
import dev.sluice.server.transport.IdentityRule;
import dev.sluice.server.transport.IdentityUri;
import dev.sluice.server.transport.Keepalive;
import dev.sluice.server.transport.StreamLimits;
import dev.sluice.server.transport.TlsFiles;
import dev.sluice.server.transport.TransportSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Envoy that proves who it is. */
@NeedsEnvoy
class MutualTlsTest {
  private static final String CONNECTED = "control_plane\\.connected_state";
  private static final String HANDSHAKES = "cluster\\.sluice\\.ssl\\.handshake";
  private static final String FAILURES = "cluster\\.sluice\\.ssl\\.(fail_.*|connection_error)";

  /** Short, so that an Envoy shakes hands again and again. */
  private static final ConnectionAge AGE =
      new ConnectionAge(Duration.ofSeconds(1), Duration.ofMillis(100));

  @TempDir Path folder;
  @TempDir Path certificates;

  private CertificateAuthority authority;
  private Issued server;

  @BeforeEach
  void aServersCertificate() {
    authority = CertificateAuthority.create(certificates, "root");
    server = authority.issue("server", "ip:127.0.0.1");
  }

  private TransportSettings transport() {
    return new TransportSettings(
        new TlsFiles(server.cert(), server.key(), authority.root()),
        List.of(
            new IdentityRule(
                IdentityUri.parse("spiffe://td/ns/{namespace}/sa/{service}"), null, null)),
        Keepalive.DEFAULT,
        AGE,
        Duration.ZERO,
        StreamLimits.DEFAULT);
  }

  private static ServerTrust trust(Path roots, Issued own) {
    return new ServerTrust(
        roots.toString(),
        new ServerTrust.Client(own.cert().toString(), own.key().toString()),
        null);
  }

  @Test
  void anEnvoyIsConfiguredOverMutualTlsAndSurvivesARotation() throws Exception {
    CertificateAuthority next = CertificateAuthority.create(certificates, "next");
    Path roots =
        Files.writeString(
            certificates.resolve("roots.crt"),
            Files.readString(authority.root()) + Files.readString(next.root()));
    Issued front = authority.issue("front", "uri:spiffe://td/ns/shop/sa/front");
    try (TestMesh mesh = new TestMesh("mutual-tls", folder)) {
      mesh.secure(transport(), trust(roots, front));
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(Documents.split(100, 0));
      EnvoyProcess envoy = mesh.start(Role.SIDECAR, Variant.DELTA);
      mesh.awaitVersion(Role.SIDECAR, "v1");

      next.issue("server", "ip:127.0.0.1");
      String issued = Files.readString(server.cert());
      envoy.awaitTrue("the new certificate", () -> shown(mesh, issued));
      long before = envoy.stat(HANDSHAKES);
      envoy.awaitTrue("two handshakes with it", () -> envoy.stat(HANDSHAKES) >= before + 2);
      envoy.awaitTrue("its server", () -> envoy.stat(CONNECTED) == 1);

      mesh.savePolicy(Documents.split(0, 100));
      mesh.awaitVersion(Role.SIDECAR, "v2");
      assertThat(envoy.stat(FAILURES)).as("failed handshakes").isZero();
    }
  }

  private static boolean shown(TestMesh mesh, String issued) {
    return ShownCertificate.pem(mesh.xdsPort()).equals(issued);
  }

  @Test
  void anEnvoyThatClaimsToBeAnotherIsRefusedAndToldWhy() {
    Issued other = authority.issue("other", "uri:spiffe://td/ns/shop/sa/other");
    try (TestMesh mesh = new TestMesh("claims", folder)) {
      mesh.secure(transport(), trust(authority.root(), other));
      EnvoyProcess envoy = mesh.startUnready(Role.SIDECAR);

      envoy.awaitTrue(
          "the refusal in its log",
          () ->
              envoy
                  .log()
                  .contains(
                      "spiffe://td/ns/shop/sa/other may not be the proxy claims-sidecar, a sidecar"
                          + " of front.shop: xds.identity[0] wants"
                          + " spiffe://td/ns/shop/sa/front"));
      assertThat(mesh.server().views().proxies().get()).isEmpty();
    }
  }
}
