package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.CertificateAuthority.Issued;
import dev.sluice.node.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances that are called over TLS, by a real Envoy. */
@NeedsEnvoy
class UpstreamTlsTest {
  private static final String NAME = "orders.internal";

  @TempDir private Path folder;
  @TempDir private Path certificates;
  @TempDir private Path secretFiles;
  private CertificateAuthority authority;
  private SecretDirectory secrets;

  @BeforeEach
  void issue() {
    authority = CertificateAuthority.create(certificates, "root");
    secrets = new SecretDirectory(secretFiles, "shop");
  }

  @Test
  void instancesProveWhoTheyAreAndSoDoCallers() {
    secrets.putAuthorities("internal", authority.root());
    secrets.put("callers", authority.issue("callers", "dns:callers.internal"));
    try (TestBackend backend = instance(NAME, authority.root());
        TestMesh mesh = mesh("upstream-tls", backend)) {
      mesh.savePolicy("upstreamTLS: {secret: callers, caSecret: internal, sni: " + NAME + "}");
      mesh.start(Role.SIDECAR);
      mesh.awaitVersion(Role.SIDECAR, "v1");
      assertThat(mesh.client(Role.SIDECAR).once().status()).isEqualTo(200);

      mesh.savePolicy("upstreamTLS: {caSecret: internal, sni: " + NAME + "}");
      mesh.awaitAnswers(Role.SIDECAR, report -> report.statuses().containsKey(503));
    }
  }

  @Test
  void anInstanceOfAnotherNameIsNotCalled() {
    secrets.putAuthorities("internal", authority.root());
    try (TestBackend backend = instance("users.internal", null);
        TestMesh mesh = mesh("upstream-tls-name", backend)) {
      mesh.savePolicy("upstreamTLS: {caSecret: internal, sni: " + NAME + "}");
      mesh.start(Role.SIDECAR);

      assertThat(mesh.client(Role.SIDECAR).once().status()).isEqualTo(503);
      assertThat(backend.requests()).isZero();

      mesh.savePolicy(
          "upstreamTLS: {caSecret: internal, sni: "
              + NAME
              + ", sans: [x.internal, users.internal]}");
      mesh.awaitVersion(Role.SIDECAR, "v1");
    }
  }

  @Test
  void anInstanceMayBeKnownByItsUriOrItsAddress() {
    secrets.putAuthorities("internal", authority.root());
    Issued issued = authority.issue("orders", "uri:spiffe://example.org/orders,ip:127.0.0.1");
    try (TestBackend backend =
            TestBackend.start("v1", "a", ServerTls.showing(issued.cert(), issued.key(), null));
        TestMesh mesh = mesh("upstream-tls-uri", backend)) {
      mesh.savePolicy(sans("spiffe://example.org/orders"));
      mesh.start(Role.SIDECAR);
      mesh.awaitVersion(Role.SIDECAR, "v1");

      mesh.savePolicy(sans("spiffe://example.org/users"));
      mesh.awaitAnswers(Role.SIDECAR, report -> report.statuses().keySet().equals(Set.of(503)));
      mesh.savePolicy(sans("127.0.0.1"));
      mesh.awaitVersion(Role.SIDECAR, "v1");
    }
  }

  private static String sans(String name) {
    return "upstreamTLS: {caSecret: internal, sans: [\"%s\"]}\ncircuitBreaker: {outlier: {consecutiveErrors: 0}}"
        .formatted(name);
  }

  @Test
  void anInstanceOfAnotherAuthorityIsNotCalled() {
    CertificateAuthority other = CertificateAuthority.create(certificates, "other");
    secrets.putAuthorities("internal", other.root());
    try (TestBackend backend = instance(NAME, null);
        TestMesh mesh = mesh("upstream-tls-authority", backend)) {
      mesh.savePolicy("upstreamTLS: {caSecret: internal, sni: " + NAME + "}");
      mesh.start(Role.SIDECAR);

      assertThat(mesh.client(Role.SIDECAR).once().status()).isEqualTo(503);
      assertThat(backend.requests()).isZero();
    }
  }

  @Test
  void withoutItsAuthoritiesAServiceIsNotCalledInPlainTextEither() {
    try (TestBackend plain = TestBackend.start("v1", "a");
        TestMesh mesh = mesh("upstream-tls-missing", plain)) {
      // Else the instance is ejected meanwhile, and called again only after that time.
      mesh.savePolicy(
          "upstreamTLS: {caSecret: internal, sni: %s}\ncircuitBreaker: {outlier: {consecutiveErrors: 0}}"
              .formatted(NAME));
      mesh.start(Role.SIDECAR);

      assertThat(mesh.client(Role.SIDECAR).once().status()).isEqualTo(503);
      assertThat(plain.requests()).isZero();
      assertThat(mesh.server().views().problems().get())
          .singleElement()
          .asString()
          .contains("$.spec.upstreamTLS.caSecret")
          .contains("no source tells of secret shop/internal, which has to have ca.crt");

      try (TestBackend secured = instance(NAME, null)) {
        secrets.putAuthorities("internal", authority.root());
        mesh.saveOrders(secured);
        mesh.awaitVersion(Role.SIDECAR, "v1");
      }
    }
  }

  @Test
  void anotherAuthorityTakesOverWithoutAFailedRequest() throws Exception {
    CertificateAuthority next = CertificateAuthority.create(certificates, "next");
    secrets.putAuthorities("internal", authority.root());
    try (TestBackend before = instance(NAME, null);
        TestBackend after = instance(next, "v2", NAME, null);
        TestMesh mesh = mesh("upstream-tls-rotation", before)) {
      mesh.savePolicy("upstreamTLS: {caSecret: internal, sni: " + NAME + "}");
      EnvoyProcess envoy = mesh.start(Role.SIDECAR);
      mesh.awaitVersion(Role.SIDECAR, "v1");

      TrafficReport report;
      try (ContinuousTraffic traffic =
          mesh.client(Role.SIDECAR).keepSending(4, Duration.ofMillis(2))) {
        long updates = envoy.stat("sds\\.shop/internal/ca\\.update_success");
        Path both = certificates.resolve("both.crt");
        Files.writeString(both, Files.readString(authority.root()) + Files.readString(next.root()));
        secrets.putAuthorities("internal", both);
        envoy.awaitTrue(
            "both authorities", () -> envoy.stat(".*shop/internal/ca.*update_success") > updates);
        mesh.saveOrders(after);
        Awaitility.await().until(() -> after.requests() > 100);
        report = traffic.stop();
      }
      assertThat(report.failures()).isEmpty();
    }
  }

  @Test
  void grpcIsSpokenOverTlsToo() {
    secrets.putAuthorities("internal", authority.root());
    Issued issued = authority.issue("users", "dns:" + NAME);
    try (GrpcBackend backend = GrpcBackend.start("v1", issued.cert(), issued.key());
        TestMesh mesh = mesh("upstream-tls-grpc")) {
      mesh.saveOrders(backend);
      mesh.savePolicy("upstreamTLS: {caSecret: internal, sni: " + NAME + "}");
      mesh.start(Role.SIDECAR);

      try (GrpcCalls calls = GrpcCalls.through(mesh.port(Role.SIDECAR), "orders.shop")) {
        Awaitility.await().until(() -> calls.call(10, 2).failures().isEmpty());
      }
    }
  }

  private TestMesh mesh(String name, TestBackend... backends) {
    TestMesh mesh = new TestMesh(name, folder);
    mesh.readSecrets(secrets.root());
    mesh.saveOrders(backends);
    return mesh;
  }

  private TestBackend instance(String name, @Nullable Path callers) {
    return instance(authority, "v1", name, callers);
  }

  private static TestBackend instance(
      CertificateAuthority authority, String version, String name, @Nullable Path callers) {
    Issued issued = authority.issue("instance" + version, "dns:" + name);
    return TestBackend.start(
        version, version, ServerTls.showing(issued.cert(), issued.key(), callers));
  }
}
