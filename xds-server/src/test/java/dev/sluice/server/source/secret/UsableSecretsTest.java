package dev.sluice.server.source.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.pem.TestPem;
import dev.sluice.server.source.secret.SecretScan.Look;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;

/** Which secrets are told at all: those that the real Envoy takes, as e2e shows it. */
class UsableSecretsTest extends SecretDirectory {
  @Test
  void whatEnvoyWouldRefuseIsNotTold() throws IOException {
    KeyPair shortRsa = TestPem.rsa(1024);
    KeyPair edwards = TestPem.of("Ed448");
    writePair(namespace("short"), TestPem.certificate(shortRsa, FAR), shortRsa);
    writePair(namespace("edwards"), TestPem.certificate(edwards, FAR), edwards);
    writePair(namespace("koblitz"), CERTIFICATE, KEY);
    write(
        namespace("koblitz"),
        "tls.key",
        TestPem.sec1((ECPrivateKey) KEY.getPrivate(), SECObjectIdentifiers.secp256k1));
    write(namespace("half"), "tls.crt", TestPem.pem(CERTIFICATE));
    write(namespace("other-half"), "tls.key", TestPem.pkcs8(KEY));
    write(namespace("none"), "readme.txt", "to come");
    write(namespace("word"), "ca.crt", "hello");
    writePair(namespace("large"), CERTIFICATE, KEY);
    write(namespace("large"), "ca.crt", TestPem.pem(CERTIFICATE) + "#".repeat(1024 * 1024));
    writePair(namespace("folder"), CERTIFICATE, KEY);
    Files.createDirectory(namespace("folder").resolve("ca.crt"));

    Look first = look();
    Look second = look();

    assertThat(first.updates()).isEmpty();
    assertThat(first.problems()).isEmpty();
    assertThat(second.updates()).isEmpty();
    assertThat(problems(second))
        .containsExactlyInAnyOrder(
            wrong(
                "short",
                "tls.key is an RSA key of 1024 bits, and Envoy takes none below 2048; make a longer"
                    + " one"),
            wrong(
                "edwards",
                "tls.key is a key of a kind that Envoy does not take (EdDSA); make an RSA key, or"
                    + " one of P-256, P-384, P-521 or Ed25519"),
            wrong(
                "koblitz",
                "tls.key is a key of a kind that Envoy does not take (EC on secp256k1"
                    + " (1.3.132.0.10)); make an RSA key, or one of P-256, P-384, P-521 or Ed25519"),
            wrong("half", "tls.crt is there without tls.key; add it"),
            wrong("other-half", "tls.key is there without tls.crt; add it"),
            wrong("none", "holds none of tls.crt, tls.key and ca.crt"),
            wrong(
                "word",
                "ca.crt cannot be used: it has no line -----BEGIN CERTIFICATE-----; write PEM"),
            wrong("large", "ca.crt is larger than 1048576 bytes"),
            wrong("folder", "ca.crt cannot be read: Is a directory"));
  }

  private Path namespace(String name) {
    return root.resolve("edge").resolve(name);
  }

  private String wrong(String name, String why) {
    return namespace(name) + " $: the secret " + why;
  }

  @Test
  void everyKindOfKeyThatEnvoyTakesIsTold() throws IOException {
    for (KeyPair key :
        List.of(
            TestPem.rsa(2048),
            TestPem.ec("secp256r1"),
            TestPem.ec("secp384r1"),
            TestPem.ec("secp521r1"),
            TestPem.of("Ed25519"))) {
      writePair(namespace("key" + key.getPrivate().hashCode()), TestPem.certificate(key, FAR), key);
    }

    assertThat(look().updates()).hasSize(5);
    assertThat(look().problems()).isEmpty();
  }

  @Test
  void aCertificateThatEnvoyWouldNotShowIsNotTold() throws Exception {
    KeyPair key = TestPem.ec();
    writePair(
        namespace("stapled"),
        TestPem.certificate(
            key,
            new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.24"),
            new DERSequence(new ASN1Integer(5))),
        key);
    writePair(
        namespace("agreeing"),
        TestPem.certificate(key, Extension.keyUsage, new KeyUsage(KeyUsage.keyAgreement)),
        key);

    assertThat(look().updates()).isEmpty();
    assertThat(problems(look()))
        .containsExactlyInAnyOrder(
            wrong(
                "stapled",
                "the first certificate in tls.crt wants its status stapled (RFC 7633), and no"
                    + " response to staple can be given; have one issued without must-staple"),
            wrong(
                "agreeing",
                "the first certificate in tls.crt may not be used to sign (keyUsage without"
                    + " digitalSignature), which its kind of key is for; have one issued with it"));
  }

  @Test
  void aPipeIsNotWaitedFor() throws Exception {
    writePair(shop, CERTIFICATE, KEY);
    Files.delete(shop.resolve("tls.key"));
    assertThat(new ProcessBuilder("mkfifo", shop.resolve("tls.key").toString()).start().waitFor())
        .isZero();

    look();
    assertThat(problems(look())).containsExactly(shop + " $: the secret tls.key is no file");
  }
}
