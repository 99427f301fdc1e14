package dev.sluice.server.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.util.io.pem.PemHeader;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PemTest {
  private static final Instant END = Instant.parse("2030-01-01T00:00:00Z");
  private static final KeyPair RSA = TestPem.rsa(2048);
  private static final KeyPair EC = TestPem.ec();
  private static final X509Certificate ONE = TestPem.certificate(EC, END);
  private static final X509Certificate TWO = TestPem.certificate(RSA, END);

  static Stream<KeyPair> keys() {
    return Stream.of(
        RSA, EC, TestPem.ec("secp384r1"), TestPem.ec("secp521r1"), TestPem.of("Ed25519"));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void aKeyInPkcs8IsReadAndFitsItsCertificateAlone(KeyPair key) throws PemException {
    var read = Pem.key(TestPem.pkcs8(key));

    assertThat(read.getEncoded()).isEqualTo(key.getPrivate().getEncoded());
    assertThat(Pem.fits(read, TestPem.certificate(key, END))).isTrue();
    assertThat(Pem.fits(read, TestPem.certificate(TestPem.ec(), END))).isFalse();
  }

  @Test
  void aKeyFitsNoCertificateOfAnotherOfItsKind() {
    assertThat(Pem.fits(RSA.getPrivate(), TestPem.certificate(TestPem.rsa(2048), END))).isFalse();
    assertThat(Pem.fits(RSA.getPrivate(), ONE)).isFalse();
    assertThat(Pem.fits(EC.getPrivate(), TWO)).isFalse();
  }

  @Test
  void keysAsOpensslWroteThemBeforeAreRead() throws PemException {
    String pkcs1 = TestPem.pem(RSA.getPrivate());
    String sec1 = TestPem.sec1(EC);
    String parameters = TestPem.pem(curve("1.2.840.10045.3.1.7"));

    assertThat(pkcs1).startsWith("-----BEGIN RSA PRIVATE KEY-----");
    assertThat(sec1).startsWith("-----BEGIN EC PRIVATE KEY-----");
    assertThat(parameters).startsWith("-----BEGIN EC PARAMETERS-----");
    assertThat(Pem.fits(Pem.key(pkcs1), TWO)).isTrue();
    assertThat(Pem.fits(Pem.key(sec1), ONE)).isTrue();
    assertThat(Pem.fits(Pem.key(parameters + sec1), ONE)).isTrue();
  }

  @Test
  void anEncryptedKeyIsToldHowToDecrypt() throws Exception {
    String traditional =
        TestPem.pem(
            new PemObject(
                "RSA PRIVATE KEY",
                List.of(
                    new PemHeader("Proc-Type", "4,ENCRYPTED"),
                    new PemHeader("DEK-Info", "AES-128-CBC,0123456789ABCDEF0123456789ABCDEF")),
                new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}));

    assertThat(traditional).contains("Proc-Type: 4,ENCRYPTED");
    for (String encrypted : new String[] {traditional, encryptedPkcs8()}) {
      assertThatThrownBy(() -> Pem.key(encrypted))
          .isInstanceOf(PemException.class)
          .hasMessage("its key is encrypted; decrypt it with: openssl pkey -in OLD -out NEW");
    }
  }

  private static String encryptedPkcs8() throws IOException {
    var info =
        new EncryptedPrivateKeyInfo(
            new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2), new byte[] {1, 2, 3, 4});
    return TestPem.pem(new PemObject("ENCRYPTED PRIVATE KEY", info.getEncoded()));
  }

  @Test
  void aKeyOnACurveThatCannotSignFitsNoCertificate() throws PemException {
    ECPrivateKey key = (ECPrivateKey) EC.getPrivate();

    var koblitz = Pem.key(TestPem.sec1(key, SECObjectIdentifiers.secp256k1));

    assertThat(Pem.fits(koblitz, ONE)).isFalse();
    assertThatThrownBy(() -> Pem.key(TestPem.sec1(key, new ASN1ObjectIdentifier("1.2.3.4"))))
        .isInstanceOf(PemException.class);
  }

  @Test
  void certificatesAreReadInOrderAndTextAroundThemIsNot() throws PemException {
    String text =
        "Certificate:\n    Data: ü\n" + TestPem.pem(ONE) + "\n# root\n" + TestPem.pem(TWO);

    assertThat(Pem.certificates(text)).containsExactly(ONE, TWO);
    assertThat(Pem.certificates(text.replace("\n", "\r\n"))).containsExactly(ONE, TWO);
    assertThat(Pem.certificates(TestPem.pkcs8(EC) + text)).containsExactly(ONE, TWO);
    assertThat(Pem.certificates(Pem.text(Pem.certificates(text)))).containsExactly(ONE, TWO);
  }

  @Test
  void ofATextWithCertificatesTheKeyIsRead() throws PemException {
    assertThat(Pem.key(TestPem.pem(ONE, TWO) + TestPem.pkcs8(EC) + TestPem.pkcs8(RSA)))
        .isEqualTo(EC.getPrivate());
  }

  @Test
  void aKeyIsWrittenAsItIsRead() throws PemException {
    assertThat(Pem.text(RSA.getPrivate())).isEqualTo(TestPem.pkcs8(RSA));
    assertThat(Pem.key(Pem.text(EC.getPrivate()))).isEqualTo(EC.getPrivate());
  }

  @Test
  void whatIsMissingIsSaid() {
    assertThatThrownBy(() -> Pem.certificates(TestPem.pkcs8(EC)))
        .hasMessage("it has no line -----BEGIN CERTIFICATE-----; write PEM");
    assertThatThrownBy(() -> Pem.key(TestPem.pem(ONE)))
        .hasMessage("it has no line -----BEGIN PRIVATE KEY-----; write PEM");
    assertThatThrownBy(() -> Pem.key("")).isInstanceOf(PemException.class);
    String der = new String(EC.getPrivate().getEncoded(), StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> Pem.key(der)).isInstanceOf(PemException.class);
  }

  @Test
  void whateverIsDamagedIsSaidInWordsThatTellNothingOfAKey() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String[] texts = {TestPem.pkcs8(RSA), TestPem.pem(RSA.getPrivate()), TestPem.sec1(EC)};
    for (int i = 0; i < 3000; i++) {
      String text = damaged(texts[i % texts.length], random);
      try {
        assertThat(Pem.key(text)).isNotNull();
      } catch (PemException e) {
        assertThat(e.getMessage()).as("seed %d", seed).hasSizeLessThan(200);
        for (String line : text.lines().filter(line -> line.length() > 30).toList()) {
          assertThat(e.getMessage()).as("seed %d", seed).doesNotContain(line);
        }
      }
    }
  }

  private static String damaged(String text, Random random) {
    int at = random.nextInt(text.length());
    return switch (random.nextInt(3)) {
      case 0 -> text.substring(0, at);
      case 1 -> text.substring(0, at) + text.substring(Math.min(text.length(), at + 4));
      default -> text.substring(0, at) + (char) ('A' + random.nextInt(26)) + text.substring(at + 1);
    };
  }

  @Test
  void aDamagedCertificateIsNotReadAsNone() {
    String text = TestPem.pem(ONE);
    String damaged = text.substring(0, 100) + text.substring(130);

    assertThatThrownBy(() -> Pem.certificates(TestPem.pem(TWO) + damaged))
        .isInstanceOf(PemException.class);
    assertThatThrownBy(() -> Pem.certificates(text.substring(0, 200)))
        .isInstanceOf(PemException.class)
        .hasMessageStartingWith("it is damaged: ");
  }

  private static PemObject curve(String oid) {
    try {
      return new PemObject("EC PARAMETERS", new ASN1ObjectIdentifier(oid).getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
