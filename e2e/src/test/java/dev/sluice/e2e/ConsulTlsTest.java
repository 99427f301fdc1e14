package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.e2e.CertificateAuthority.Issued;
import dev.sluice.server.consul.ConsulAccess;
import dev.sluice.server.consul.ConsulAccess.Consistency;
import dev.sluice.server.consul.ConsulAccess.Scope;
import dev.sluice.server.consul.ConsulAccess.Tls;
import dev.sluice.server.consul.ConsulAccess.Token;
import dev.sluice.source.SourceStatus.State;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Consul that speaks TLS, and wants to see a certificate. */
@NeedsConsul
class ConsulTlsTest {
  @TempDir static Path folder;
  private static ConsulServer consul;
  private static Path root;
  private static Path stranger;
  private static Issued ours;
  private static int port;

  @BeforeAll
  static void startConsul() throws IOException {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    Path certificates = Files.createDirectory(folder.resolve("certificates"));
    CertificateAuthority authority = CertificateAuthority.create(certificates, "root");
    root = authority.root();
    stranger = CertificateAuthority.create(certificates, "stranger").root();
    Issued theirs = authority.issue("consul", "ip:127.0.0.1");
    ours = authority.issue("sluice", "dns:sluice");
    port = Ports.free();
    consul =
        ConsulServer.start(
            folder.resolve("consul"),
            ConsulOptions.of("north")
                .with(
                    """
                    {"ports": {"https": %d},
                     "tls": {"https": {"ca_file": "%s", "cert_file": "%s", "key_file": "%s",
                                       "verify_incoming": true}}}
                    """
                        .formatted(port, root, theirs.cert(), theirs.key())));
    consul.api().catalog().register(ConsulInstance.of("orders", "orders-1", "10.244.1.1", 80));
  }

  @AfterAll
  static void stopConsul() {
    Awaitility.reset();
    consul.close();
  }

  private static WatchedConsul watch(Tls tls) {
    return WatchedConsul.begin(
        new ConsulAccess(
            URI.create("https://127.0.0.1:" + port),
            new Token.None(),
            tls,
            Optional.empty(),
            Scope.ALL,
            Consistency.DEFAULT),
        WatchedConsul.options(Duration.ZERO));
  }

  @Test
  void eachSideSeesTheOthersCertificate() {
    try (WatchedConsul watched = watch(new Tls(root, ours.cert(), ours.key()))) {
      watched.awaitState(State.SYNCED);
      watched.awaitHealthy("orders", "10.244.1.1");
    }
  }

  @Test
  void withoutACertificateOfOursConsulRefuses() {
    try (WatchedConsul watched = watch(new Tls(root, null, null))) {
      await().until(() -> watched.message().contains("certificate"));
      assertThat(watched.message()).contains("https://127.0.0.1:" + port);
      assertThat(watched.state()).contains(State.STARTING);
    }
  }

  @Test
  void aConsulThatAnotherSignedIsNotBelievedAndTheRightRootIsTakenFromItsFile() throws IOException {
    Path ca = Files.copy(stranger, folder.resolve("ca.crt"));
    try (WatchedConsul watched = watch(new Tls(ca, ours.cert(), ours.key()))) {
      await().until(() -> watched.message().contains("certification path"));
      assertThat(watched.state()).contains(State.STARTING);

      Files.copy(root, ca, StandardCopyOption.REPLACE_EXISTING);
      watched.awaitState(State.SYNCED);
      watched.awaitHealthy("orders", "10.244.1.1");
    }
  }
}
