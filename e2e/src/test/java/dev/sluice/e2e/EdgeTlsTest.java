package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.e2e.CertificateAuthority.Issued;
import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.pem.Pem;
import dev.sluice.server.pem.PemException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS at a Gateway's listeners, as clients of a real Envoy see it. */
@NeedsEnvoy
class EdgeTlsTest {
  private static final String HOST = TestMesh.host(Role.GATEWAY);
  private static final String MODIFIED = "listener_manager\\.listener_modified";
  private static final String CONNECTIONS = "listener\\..*\\.downstream_cx_active";

  @TempDir private Path folder;
  @TempDir private Path certificates;
  @TempDir private Path secretFiles;
  private CertificateAuthority authority;
  private SecretDirectory secrets;
  private ClientTls client;

  @BeforeEach
  void issue() {
    authority = CertificateAuthority.create(certificates, "root");
    secrets = new SecretDirectory(secretFiles, "shop");
    client = ClientTls.trusting(authority.root(), HOST);
  }

  @Test
  void theServerNameChoosesTheCertificate() throws Exception {
    Issued orders = authority.issue("orders", "dns:" + HOST);
    Issued others = authority.issue("others", "dns:*.other.example");
    secrets.put("orders", orders);
    secrets.put("others", others);
    try (TestMesh mesh = new TestMesh("tls-names", folder)) {
      TestBackend backend =
          edge(
              mesh,
              """
              - {name: orders, port: %1$d, protocol: HTTPS, hosts: [Orders.example.com], tls: {secret: orders}}
              - {name: others, port: %1$d, protocol: HTTPS, hosts: ["*.other.example"], tls: {secret: others}}
              """);
      mesh.start(Role.GATEWAY);
      awaitShown(mesh, client, orders);

      assertThat(shown(mesh, client.asking("a.other.example"))).isEqualTo(certificate(others));
      assertThatThrownBy(() -> shown(mesh, client.asking("nobody.example")))
          .isInstanceOf(IOException.class);
      Answer answer = mesh.client(Role.GATEWAY).over(client).once();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(backend.lastRequest()).containsEntry("x-forwarded-proto", "https");
      assertThat(mesh.client(Role.GATEWAY).once().status()).as("without TLS").isNotEqualTo(200);
    }
  }

  @Test
  void aListenerWithoutHostsTakesEveryNameAndNone() throws Exception {
    Issued orders = authority.issue("orders", "dns:" + HOST + ",ip:127.0.0.1");
    secrets.put("orders", orders);
    try (TestMesh mesh = new TestMesh("tls-any", folder)) {
      edge(mesh, "- {name: any, port: %1$d, protocol: HTTPS, tls: {secret: orders}}");
      mesh.start(Role.GATEWAY);
      awaitShown(mesh, client, orders);

      assertThat(shown(mesh, client.asking("127.0.0.1"))).isEqualTo(certificate(orders));
    }
  }

  @Test
  void anOlderTlsThanTheListenerWantsIsRefused() throws Exception {
    Issued orders = authority.issue("orders", "dns:" + HOST);
    secrets.put("orders", orders);
    try (TestMesh mesh = new TestMesh("tls-version", folder)) {
      edge(
          mesh,
          "- {name: https, port: %1$d, protocol: HTTPS, tls: {secret: orders, minVersion: 1.3}}");
      mesh.start(Role.GATEWAY);
      awaitShown(mesh, client.speaking("TLSv1.3"), orders);

      assertThatThrownBy(() -> shown(mesh, client.speaking("TLSv1.2")))
          .hasMessageContaining("protocol_version");

      mesh.save("gateway.yaml", gateway(mesh, plainHttps()));
      awaitShown(mesh, client.speaking("TLSv1.2"), orders);
    }
  }

  @Test
  void http2IsAgreedOnByAlpn() throws Exception {
    secrets.put("orders", authority.issue("orders", "dns:" + HOST));
    try (TestMesh mesh = new TestMesh("tls-alpn", folder)) {
      edge(mesh, plainHttps());
      mesh.start(Role.GATEWAY);
      awaitServed(mesh);

      assertThat(agreed(mesh, client.offering("h2", "http/1.1"))).isEqualTo("h2");
      assertThat(agreed(mesh, client.offering("http/1.1"))).isEqualTo("http/1.1");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Variant.class,
      names = {"DELTA", "STATE_OF_THE_WORLD"})
  void aRenewedCertificateEndsNoConnection(Variant variant) throws Exception {
    secrets.put("orders", authority.issue("orders", "dns:" + HOST));
    try (TestMesh mesh = new TestMesh("tls-rotation-" + variant, folder)) {
      edge(mesh, plainHttps());
      EnvoyProcess envoy = mesh.start(Role.GATEWAY, variant);
      awaitServed(mesh);
      long modified = envoy.stat(MODIFIED);

      TrafficReport report;
      try (ContinuousTraffic traffic =
          mesh.client(Role.GATEWAY).over(client).keepSending(8, Duration.ofMillis(2))) {
        envoy.awaitTrue("eight connections", () -> envoy.stat(CONNECTIONS) >= 8);
        for (int i = 0; i < 3; i++) {
          Issued renewed = authority.issue("orders", "dns:" + HOST);
          secrets.put("orders", renewed);
          awaitShown(mesh, client, renewed);
        }
        report = traffic.stop();
      }

      assertThat(report.failures()).isEmpty();
      assertThat(report.answers()).hasSizeGreaterThan(500);
      assertThat(envoy.stat("http\\.gateway_\\d+\\.downstream_cx_destroy_local"))
          .as("connections that Envoy ended")
          .isZero();
      assertThat(envoy.stat(MODIFIED)).as("changes of the listener").isEqualTo(modified);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Variant.class,
      names = {"DELTA", "STATE_OF_THE_WORLD"})
  void whatEnvoyWouldRefuseIsNotSentAndWhatIsRemovedStays(Variant variant) throws Exception {
    Issued orders = authority.issue("orders", "dns:" + HOST);
    secrets.put("orders", orders);
    try (TestMesh mesh = new TestMesh("tls-wrong-secret-" + variant, folder)) {
      edge(mesh, plainHttps());
      mesh.start(Role.GATEWAY, variant);
      awaitShown(mesh, client, orders);

      secrets.putCertificate("orders", authority.issue("next", "dns:" + HOST).cert());
      Awaitility.await().until(() -> problems(mesh).contains("is not the private key of"));
      assertThat(shown(mesh, client)).as("the last good one").isEqualTo(certificate(orders));

      Issued mended = authority.issue("mended", "dns:" + HOST);
      secrets.put("orders", mended);
      awaitShown(mesh, client, mended);
      secrets.remove("orders");
      Awaitility.await().until(() -> problems(mesh).contains("no source tells of secret"));
      TestBackend next = mesh.backend("v2", "b");
      mesh.saveOrders(next); // When that is served, Envoy knows of the removal before it.
      Awaitility.await()
          .until(() -> mesh.client(Role.GATEWAY).over(client).once().version().equals("v2"));
      assertThat(shown(mesh, client)).as("what Envoy has").isEqualTo(certificate(mended));
    }
  }

  @Test
  void aListenerThatNamesASecretBeforeItComesShowsTheFormerOneUntilThen() throws Exception {
    secrets.put("orders", authority.issue("orders", "dns:" + HOST));
    try (TestMesh mesh = new TestMesh("tls-named-first", folder)) {
      edge(mesh, plainHttps());
      mesh.start(Role.GATEWAY);
      awaitServed(mesh);

      Issued next = authority.issue("next", "dns:" + HOST);
      TrafficReport report;
      try (ContinuousTraffic traffic =
          mesh.client(Role.GATEWAY).over(client).keepSending(4, Duration.ofMillis(2))) {
        mesh.save("gateway.yaml", gateway(mesh, plainHttps().replace("orders}", "next}")));
        Awaitility.await().until(() -> problems(mesh).contains("secret shop/next"));
        secrets.put("next", next);
        awaitShown(mesh, client, next);
        report = traffic.stop();
      }
      assertThat(report.failures()).isEmpty();
    }
  }

  @Test
  void aServerThatIsRestartedRenewsAsBefore() throws Exception {
    Issued orders = authority.issue("orders", "dns:" + HOST);
    secrets.put("orders", orders);
    try (TestMesh mesh = new TestMesh("tls-restart", folder)) {
      edge(mesh, plainHttps());
      mesh.start(Role.GATEWAY);
      awaitShown(mesh, client, orders);

      mesh.stopServer();
      assertThat(shown(mesh, client)).isEqualTo(certificate(orders));
      Issued renewed = authority.issue("renewed", "dns:" + HOST);
      secrets.put("orders", renewed);
      mesh.startServer();
      awaitShown(mesh, client, renewed);
    }
  }

  @Test
  void aListenerWithoutItsCertificateRefusesUntilItComes() throws Exception {
    try (TestMesh mesh = new TestMesh("tls-missing-secret", folder)) {
      edge(mesh, plainHttps());
      mesh.start(Role.GATEWAY);
      assertThatThrownBy(() -> shown(mesh, client)).isInstanceOf(IOException.class);
      assertThat(problems(mesh))
          .contains("$.spec.listeners[0].tls.secret")
          .contains("no source tells of secret shop/orders, which has to have tls.crt and tls.key");

      Issued orders = authority.issue("orders", "dns:" + HOST);
      secrets.put("orders", orders);
      awaitShown(mesh, client, orders);
      assertThat(mesh.client(Role.GATEWAY).over(client).once().status()).isEqualTo(200);
      assertThat(problems(mesh)).isEmpty();
    }
  }

  /** One instance behind a gateway with these listeners, {@code %1$d} being its port. */
  private TestBackend edge(TestMesh mesh, String listeners) {
    mesh.readSecrets(secrets.root());
    mesh.save("gateway.yaml", gateway(mesh, listeners));
    TestBackend backend = mesh.backend("v1", "a");
    mesh.saveOrders(backend);
    mesh.savePolicy("");
    return backend;
  }

  private static String plainHttps() {
    return "- {name: https, port: %1$d, protocol: HTTPS, hosts: [\"*.example.com\"], tls: {secret: orders}}";
  }

  private static String gateway(TestMesh mesh, String listeners) {
    String http = Documents.gateway(mesh.port(Role.GATEWAY));
    return http.substring(0, http.indexOf("  listeners:"))
        + "  listeners:\n"
        + listeners.formatted(mesh.port(Role.GATEWAY)).indent(4);
  }

  private static String problems(TestMesh mesh) {
    StringBuilder all = new StringBuilder();
    mesh.server().views().problems().get().forEach(problem -> all.append(problem).append('\n'));
    mesh.server()
        .views()
        .sources()
        .get()
        .forEach(source -> source.problems().forEach(problem -> all.append(problem).append('\n')));
    return all.toString();
  }

  private void awaitServed(TestMesh mesh) {
    Awaitility.await().until(() -> mesh.client(Role.GATEWAY).over(client).once().status() == 200);
  }

  private static void awaitShown(TestMesh mesh, ClientTls tls, Issued issued) throws Exception {
    Certificate wanted = certificate(issued);
    Awaitility.await().ignoreExceptions().until(() -> shown(mesh, tls).equals(wanted));
  }

  private static Certificate certificate(Issued issued) throws IOException, PemException {
    return Pem.certificates(Files.readString(issued.cert())).getFirst();
  }

  private static Certificate shown(TestMesh mesh, ClientTls tls) throws IOException {
    try (SSLSocket socket = connect(mesh, tls)) {
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private static String agreed(TestMesh mesh, ClientTls tls) throws IOException {
    try (SSLSocket socket = connect(mesh, tls)) {
      return socket.getApplicationProtocol();
    }
  }

  private static SSLSocket connect(TestMesh mesh, ClientTls tls) throws IOException {
    return tls.over(new Socket(InetAddress.getLoopbackAddress(), mesh.port(Role.GATEWAY)));
  }
}
