package dev.sluice.server.source.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.problem.Problem;
import dev.sluice.secret.SecretId;
import dev.sluice.secret.TlsSecret;
import dev.sluice.server.pem.Pem;
import dev.sluice.server.pem.TestPem;
import dev.sluice.server.source.secret.SecretScan.Look;
import dev.sluice.source.SourceEntry.OfSecret;
import dev.sluice.source.SourceEntry.SecretKey;
import dev.sluice.source.SourceUpdate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is told of folders as they change, look by look. */
class SecretScanTest extends SecretDirectory {
  private @Nullable SecretScan scan;

  private Look look(Instant now) {
    if (scan == null) {
      scan = new SecretScan(List.of(root));
    }
    return scan.look(now);
  }

  private Look look() {
    return look(NOW);
  }

  private static List<TlsSecret> told(Look look) {
    return look.updates().stream()
        .map(
            update ->
                update instanceof SourceUpdate.Upsert(OfSecret(TlsSecret secret))
                    ? secret
                    : new TlsSecret(
                        new SecretId("unexpected", update.toString()),
                        Optional.empty(),
                        Optional.empty()))
        .toList();
  }

  private static List<String> problems(Look look) {
    return look.problems().stream().map(Problem::toString).toList();
  }

  private static SourceUpdate removed() {
    return new SourceUpdate.Remove(new SecretKey(SHOP));
  }

  @Test
  void whatIsThereIsToldOnce() throws IOException {
    writePair(shop, CERTIFICATE, KEY);
    write(shop, "ca.crt", TestPem.pem(RENEWED));

    Look look = look();

    assertThat(told(look))
        .containsExactly(
            new TlsSecret(
                SHOP,
                Optional.of(
                    new TlsSecret.KeyPair(TestPem.pem(CERTIFICATE), TestPem.pkcs8(KEY), NOW, FAR)),
                Optional.of(TestPem.pem(RENEWED))));
    assertThat(look.problems()).isEmpty();
    assertThat(look.unknown()).isEmpty();
    assertThat(look().updates()).isEmpty();
  }

  @Test
  void authoritiesAloneAreASecret() throws IOException {
    write(shop, "ca.crt", TestPem.pem(CERTIFICATE, RENEWED));

    assertThat(told(look()))
        .containsExactly(
            new TlsSecret(SHOP, Optional.empty(), Optional.of(TestPem.pem(CERTIFICATE, RENEWED))));
  }

  @Test
  void ofFilesThatHoldMoreOnlyCertificatesAndTheKeyAreTold() throws Exception {
    String text = "the shop's, " + "ü\n";
    write(shop, "tls.crt", text + TestPem.pem(CERTIFICATE) + TestPem.pkcs8(KEY));
    write(shop, "tls.key", text + TestPem.sec1(KEY));
    write(shop, "ca.crt", TestPem.pkcs8(RENEWED_KEY) + TestPem.pem(RENEWED));

    TlsSecret secret = told(look()).getFirst();

    TlsSecret.KeyPair pair = secret.keyPair().orElseThrow();
    assertThat(pair.chain()).isEqualTo(TestPem.pem(CERTIFICATE));
    assertThat(pair.key()).startsWith("-----BEGIN PRIVATE KEY-----\n");
    assertThat(Pem.fits(Pem.key(pair.key()), CERTIFICATE)).isTrue();
    assertThat(secret.authorities()).contains(TestPem.pem(RENEWED));
  }

  @Test
  void renewedFilesAreToldAtOnceAndAMismatchInBetweenIsNoProblem() throws IOException {
    writePair(shop, CERTIFICATE, KEY);
    look();
    write(shop, "tls.crt", TestPem.pem(RENEWED));

    Look between = look();
    write(shop, "tls.key", TestPem.pkcs8(RENEWED_KEY));
    Look after = look();

    assertThat(between.updates()).isEmpty();
    assertThat(between.problems()).isEmpty();
    assertThat(told(after))
        .extracting(secret -> secret.keyPair().orElseThrow().chain())
        .containsExactly(TestPem.pem(RENEWED));
    assertThat(after.problems()).isEmpty();
  }

  @Test
  void aMismatchThatStaysIsToldAndTheLastGoodOneStaysUntilItIsMended() throws IOException {
    writePair(shop, CERTIFICATE, KEY);
    look();
    write(shop, "tls.crt", TestPem.pem(RENEWED));
    look();

    Look wrong = look();

    assertThat(wrong.updates()).isEmpty();
    assertThat(problems(wrong))
        .containsExactly(
            shop
                + " $: the secret tls.key is not the private key of the first certificate in"
                + " tls.crt; what was there before stays in use");
    assertThat(problems(look())).isEqualTo(problems(wrong));
    write(shop, "tls.key", TestPem.pkcs8(RENEWED_KEY));
    Look mended = look();
    assertThat(told(mended)).hasSize(1);
    assertThat(mended.problems()).isEmpty();
  }

  @Test
  void aSecretThatIsWrongAndThenAsBeforeIsNotToldAgain() throws IOException {
    writePair(shop, CERTIFICATE, KEY);
    look();
    write(shop, "tls.key", "");
    look();
    assertThat(look().problems()).hasSize(1);
    write(shop, "tls.key", TestPem.pkcs8(KEY));

    Look look = look();

    assertThat(look.updates()).isEmpty();
    assertThat(look.problems()).isEmpty();
  }

  @Test
  void aFolderThatIsGoneAtTwoLooksTakesItsSecretAlong() throws IOException {
    writePair(shop, CERTIFICATE, KEY);
    look();
    delete(shop);

    assertThat(look().updates()).isEmpty();
    assertThat(look().updates()).containsExactly(removed());
    assertThat(look().updates()).isEmpty();
  }

  @Test
  void aNamespaceThatIsGoneTakesItsSecretsAlong() throws IOException {
    writePair(shop, CERTIFICATE, KEY);
    look();
    delete(root.resolve("edge"));
    look();

    assertThat(look().updates()).containsExactly(removed());
  }

  @Test
  void whatIsGoneForOneLookOnlyStaysHoweverOften() throws IOException {
    writePair(shop, CERTIFICATE, KEY);
    look();
    for (int i = 0; i < 3; i++) {
      Files.move(shop, temporary.resolve("aside"));
      assertThat(look().updates()).isEmpty();
      Files.move(temporary.resolve("aside"), shop);
      assertThat(look().updates()).isEmpty();
    }
  }

  @Test
  void aRootThatIsNotThereIsUnknownAndNothingOfItIsRemoved() throws IOException {
    Files.delete(root);
    Look none = look();
    assertThat(none.unknown()).containsExactly(java.util.Map.entry(root, "does not exist"));
    assertThat(none.updates()).isEmpty();
    writePair(shop, CERTIFICATE, KEY);
    assertThat(told(look())).hasSize(1);

    Files.move(root, temporary.resolve("aside"));

    for (int i = 0; i < 3; i++) {
      assertThat(look().updates()).isEmpty();
    }
    Files.move(temporary.resolve("aside"), root);
    Look back = look();
    assertThat(back.unknown()).isEmpty();
    assertThat(back.updates()).isEmpty();
  }

  @Test
  void aNamespaceThatCannotBeLookedAtKeepsItsSecretsAndNoOther() throws IOException {
    writePair(shop, CERTIFICATE, KEY);
    writePair(root.resolve("ops").resolve("tool"), RENEWED, RENEWED_KEY);
    look();
    Path edge = root.resolve("edge");
    Files.move(edge, temporary.resolve("aside"));
    Files.createSymbolicLink(edge, edge);
    delete(root.resolve("ops"));

    Look first = look();
    Look second = look();

    assertThat(first.unknown()).containsOnlyKeys(edge);
    assertThat(second.unknown().get(edge)).startsWith("cannot be looked at");
    assertThat(second.updates())
        .containsExactly(new SourceUpdate.Remove(new SecretKey(new SecretId("tool", "ops"))));
    assertThat(look().updates()).isEmpty();
  }

  @Test
  void ofOneSecretInTwoRootsTheFirstCountsAndTheOtherTakesItsPlace() throws IOException {
    Path other = temporary.resolve("other");
    Path second = other.resolve("edge").resolve("shop");
    writePair(shop, CERTIFICATE, KEY);
    writePair(second, RENEWED, RENEWED_KEY);
    scan = new SecretScan(List.of(root, other));

    Look both = look();
    delete(shop);
    Look gone = look();
    Look after = look();

    assertThat(chains(both)).containsExactly(TestPem.pem(CERTIFICATE));
    assertThat(problems(both))
        .containsExactly(second + " $: the secret is hidden by " + shop + "; keep one of the two");
    assertThat(gone.updates()).isEmpty();
    assertThat(chains(after)).containsExactly(TestPem.pem(RENEWED));
    assertThat(after.problems()).isEmpty();
    writePair(shop, CERTIFICATE, KEY);
    assertThat(chains(look())).containsExactly(TestPem.pem(CERTIFICATE));
  }

  @Test
  void aRootThatIsGoneDoesNotGiveItsSecretsToTheOther() throws IOException {
    Path other = temporary.resolve("other");
    writePair(shop, CERTIFICATE, KEY);
    writePair(other.resolve("edge").resolve("shop"), RENEWED, RENEWED_KEY);
    scan = new SecretScan(List.of(root, other));
    look();

    Files.move(root, temporary.resolve("aside"));

    for (int i = 0; i < 3; i++) {
      Look look = look();
      assertThat(look.updates()).isEmpty();
      assertThat(look.unknown()).containsOnlyKeys(root);
    }
  }

  private static List<String> chains(Look look) {
    return told(look).stream().map(secret -> secret.keyPair().orElseThrow().chain()).toList();
  }

  @Test
  void aCertificateIsToldOfBeforeItEndsAndAfter() throws IOException {
    writePair(shop, CERTIFICATE, KEY);
    assertThat(look(FAR.minus(Duration.ofDays(15))).problems()).isEmpty();

    assertThat(problems(look(FAR.minus(Duration.ofDays(13)))))
        .containsExactly(
            shop
                + " $: warning: the certificate in tls.crt expires at 2026-05-30T10:00:00Z;"
                + " renew it");
    assertThat(problems(look(FAR.plusSeconds(1))))
        .containsExactly(
            shop
                + " $: warning: the certificate in tls.crt expired at 2026-05-30T10:00:00Z,"
                + " so clients refuse it; renew it");
    writePair(shop, TestPem.certificate(KEY, FAR.plus(Duration.ofDays(90))), KEY);
    assertThat(look(FAR.plusSeconds(2)).problems()).isEmpty();
  }

  @Test
  void aCertificateOfShortLifeIsToldOfInItsLastQuarter() throws IOException {
    Instant end = NOW.plus(Duration.ofHours(24));
    writePair(shop, TestPem.certificate(KEY, NOW, end), KEY);

    assertThat(look(NOW).problems()).isEmpty();
    assertThat(look(end.minus(Duration.ofHours(7))).problems()).isEmpty();
    assertThat(look(end.minus(Duration.ofHours(5))).problems()).hasSize(1);
  }

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
  void aCertificateThatDoesNotHoldReplacesNoneThatDoes() throws IOException {
    writePair(shop, CERTIFICATE, KEY);
    look();
    Instant past = NOW.minus(Duration.ofDays(1));
    writePair(shop, TestPem.certificate(KEY, past), KEY);

    look();
    Look expired = look();
    assertThat(expired.updates()).isEmpty();
    assertThat(problems(expired))
        .containsExactly(
            shop
                + " $: the secret has a certificate that expired at "
                + past
                + "; what was there before stays in use");

    Instant later = NOW.plus(Duration.ofDays(30));
    writePair(shop, TestPem.certificate(KEY, later, later.plus(Duration.ofDays(60))), KEY);
    assertThat(look().updates()).isEmpty();
    assertThat(problems(look()))
        .singleElement()
        .asString()
        .contains("is not valid before " + later);
    assertThat(look(later.plusSeconds(1)).updates()).as("once it holds").hasSize(1);
  }

  @Test
  void filesInTheWrongPlaceAreTold() throws IOException {
    writePair(root.resolve("prod"), CERTIFICATE, KEY);
    write(root, "ca.crt", TestPem.pem(CERTIFICATE));

    assertThat(problems(look()))
        .containsExactlyInAnyOrder(
            root.resolve("ca.crt")
                + " $: stands where no secret is looked for: the layout is NAMESPACE/NAME/ca.crt",
            root.resolve("prod/tls.crt")
                + " $: stands where no secret is looked for: the layout is NAMESPACE/NAME/tls.crt");
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

  @Test
  void anEmptyDirectoryInThePlaceOfOneThatHeldSecretsIsUnknown() throws IOException {
    writePair(shop, CERTIFICATE, KEY);
    look();
    Files.move(root, temporary.resolve("elsewhere"));
    Files.createDirectory(root);

    look();
    Look look = look();

    assertThat(look.updates()).isEmpty();
    assertThat(look.unknown()).containsOnlyKeys(root);
    delete(root);
    Files.move(temporary.resolve("elsewhere"), root);
    assertThat(look().unknown()).isEmpty();
    assertThat(look().updates()).isEmpty();
  }

  @Test
  void whatIsNotAFolderOfASecretIsPassedOver() throws IOException {
    writePair(shop, CERTIFICATE, KEY);
    write(root, "README", "secrets");
    write(root.resolve("edge"), "README", "secrets");
    writePair(root.resolve(".git").resolve("shop"), RENEWED, RENEWED_KEY);
    writePair(root.resolve("lost+found").resolve("shop"), RENEWED, RENEWED_KEY);
    Files.createSymbolicLink(root.resolve("nowhere"), temporary.resolve("gone"));

    Look look = look();

    assertThat(told(look)).extracting(TlsSecret::id).containsExactly(SHOP);
    assertThat(look.unknown()).isEmpty();
    assertThat(look().problems()).isEmpty();
  }

  @Test
  void aMountedKubernetesSecretIsTakenUpWhenItsFilesAreSwapped() throws IOException {
    writePair(shop.resolve("..2026_01"), CERTIFICATE, KEY);
    Files.createSymbolicLink(shop.resolve("..data"), Path.of("..2026_01"));
    for (String file : List.of("tls.crt", "tls.key")) {
      Files.createSymbolicLink(shop.resolve(file), Path.of("..data").resolve(file));
    }
    assertThat(chains(look())).containsExactly(TestPem.pem(CERTIFICATE));

    writePair(shop.resolve("..2026_02"), RENEWED, RENEWED_KEY);
    Files.createSymbolicLink(shop.resolve("..data_tmp"), Path.of("..2026_02"));
    Files.move(shop.resolve("..data_tmp"), shop.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

    assertThat(chains(look())).containsExactly(TestPem.pem(RENEWED));
    delete(shop.resolve("..2026_01"));
    assertThat(look().updates()).isEmpty();
    assertThat(look().problems()).isEmpty();
  }

  @Test
  void aSecretNamesNoneOfItsContents() throws IOException {
    writePair(shop, CERTIFICATE, KEY);
    write(shop, "ca.crt", TestPem.pem(RENEWED));
    Look look = look();

    assertThat(look.toString())
        .contains("secret edge/shop (certificate until 2026-05-30T10:00:00Z) (authorities)")
        .doesNotContain("BEGIN");
    assertThat(told(look).getFirst().keyPair().orElseThrow().toString()).doesNotContain("BEGIN");
    assertThat(new SecretFolder(Optional.of("a"), Optional.of("b"), Optional.empty()))
        .hasToString("tls.crt true, tls.key true, ca.crt false");
  }
}
