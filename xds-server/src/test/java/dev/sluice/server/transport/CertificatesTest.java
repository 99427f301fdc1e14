package dev.sluice.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a port's TLS, at the start and as they change. */
class CertificatesTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir private Path folder;

  private final CountingMetrics metrics = new CountingMetrics();
  private TestAuthority authority;
  private TlsFiles files;

  @BeforeEach
  void aServer() {
    authority = TestAuthority.create(folder, "root");
    files = authority.issue("server", "dns:localhost");
  }

  @Test
  void filesThatFitAreTakenAndChangesAreTakenUp() throws Exception {
    Certificates certificates = new Certificates(files, metrics, CLOCK);
    X509Certificate first = shown(certificates);

    certificates.look();
    assertThat(shown(certificates)).isEqualTo(first);
    authority.issue("server", "dns:localhost");
    certificates.look();

    assertThat(shown(certificates)).isNotEqualTo(first);
    assertThat(metrics.loads()).isEqualTo(2);
  }

  @Test
  void aChangeThatCannotBeUsedKeepsTheLastAndIsToldOnceAndMendable() throws Exception {
    Certificates certificates = new Certificates(files, metrics, CLOCK);
    X509Certificate first = shown(certificates);
    String good = Files.readString(files.cert());

    Files.writeString(files.cert(), "-----BEGIN CERTIFICATE-----\nno\n");
    certificates.look();
    assertThat(metrics.failures()).as("it may be half of a change").isZero();
    certificates.look();
    certificates.look();
    assertThat(metrics.failures()).isEqualTo(1);
    assertThat(shown(certificates)).isEqualTo(first);

    Files.writeString(files.cert(), good);
    certificates.look();
    assertThat(metrics.loads()).as("told to be in use again").isEqualTo(2);
  }

  @Test
  void aKeyThatComesAfterItsCertificateIsNoFailure() throws Exception {
    Certificates certificates = new Certificates(files, metrics, CLOCK);
    String key = Files.readString(files.key());
    authority.issue("server", "dns:localhost");
    String newKey = Files.readString(files.key());

    Files.writeString(files.key(), key);
    certificates.look();
    Files.writeString(files.key(), newKey);
    certificates.look();

    assertThat(metrics.failures()).isZero();
    assertThat(metrics.loads()).isEqualTo(2);
  }

  @Test
  void anotherRootIsTrustedAfterItsFileChanged() throws Exception {
    Certificates certificates = new Certificates(files, metrics, CLOCK);
    X509Certificate first = certificates.trust().getAcceptedIssuers()[0];
    TestAuthority other = TestAuthority.create(folder, "other");

    Files.copy(other.root(), authority.root(), StandardCopyOption.REPLACE_EXISTING);
    certificates.look();

    assertThat(certificates.trust().getAcceptedIssuers()).hasSize(1).doesNotContain(first);
  }

  @Test
  void whatIsWrongWithFilesIsToldOfEachWithItsName() throws Exception {
    TlsFiles other = authority.issue("other", "dns:localhost");
    TlsFiles expired = authority.issueExpired("expired", "dns:localhost");
    Path text = Files.writeString(folder.resolve("text"), "hello");
    Path broken =
        Files.writeString(
            folder.resolve("broken"), "-----BEGIN PRIVATE KEY-----\n?\n-----END PRIVATE KEY-----");

    assertThat(wrong(files.cert(), files.key(), files.clientCa())).isEmpty();
    assertThat(wrong(files.cert(), other.key(), null))
        .containsExactly(
            other.key() + " is not the private key of the first certificate in " + files.cert());
    assertThat(wrong(expired.cert(), expired.key(), null))
        .singleElement()
        .asString()
        .startsWith(expired.cert() + ": the certificate expired at ")
        .endsWith("; renew it");
    assertThat(wrong(folder, folder.resolve("gone"), text))
        .containsExactly(
            folder + " cannot be read: it is a directory",
            text + " cannot be used: it has no line -----BEGIN CERTIFICATE-----; write PEM",
            folder.resolve("gone") + " is not there");
    assertThat(wrong(files.cert(), broken, null))
        .singleElement()
        .asString()
        .startsWith(broken + " cannot be used: ");
    assertThat(wrong(files.cert(), text, null))
        .containsExactly(
            text + " cannot be used: it has no line -----BEGIN PRIVATE KEY-----; write PEM");
  }

  private static List<String> wrong(Path cert, Path key, @Nullable Path clientCa) {
    return new TlsFiles(cert, key, clientCa)
        .wrong(CLOCK).stream().map(TlsFiles.Wrong::message).toList();
  }

  private static X509Certificate shown(Certificates certificates) {
    String alias = certificates.keys().getServerAliases("EC", null)[0];
    return certificates.keys().getCertificateChain(alias)[0];
  }
}
