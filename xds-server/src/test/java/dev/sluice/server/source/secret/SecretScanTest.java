package dev.sluice.server.source.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.secret.SecretId;
import dev.sluice.secret.TlsSecret;
import dev.sluice.server.pem.Pem;
import dev.sluice.server.pem.TestPem;
import dev.sluice.server.source.SecretTexts;
import dev.sluice.server.source.secret.SecretScan.Look;
import dev.sluice.source.SourceEntry.OfSecret;
import dev.sluice.source.SourceEntry.SecretKey;
import dev.sluice.source.SourceUpdate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told of folders as they change, look by look. */
class SecretScanTest extends SecretDirectory {
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
    assertThat(new SecretTexts(Optional.of("a"), Optional.of("b"), Optional.empty()))
        .hasToString("tls.crt true, tls.key true, ca.crt false");
  }
}
