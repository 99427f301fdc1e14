package dev.sluice.server.catalog;

import static dev.sluice.server.source.Facts.replace;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.CatalogDelta;
import dev.sluice.catalog.SourceName;
import dev.sluice.secret.SecretId;
import dev.sluice.secret.Secrets;
import dev.sluice.secret.SecretsDelta;
import dev.sluice.secret.TlsSecret;
import dev.sluice.source.SourceEntry.OfSecret;
import dev.sluice.source.SourceEntry.SecretKey;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Synced;
import dev.sluice.spec.DocumentsDelta;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Secrets of several sources, and when their changes are told. */
class CatalogSecretsTest {
  private static final long MS = 1_000_000;
  private static final SourceName A = new SourceName("file", "a");
  private static final SourceName B = new SourceName("file", "b");
  private static final SecretId CERT = new SecretId("cert", "edge");
  private static final SecretId CA = new SecretId("ca", "edge");

  private static TlsSecret secret(SecretId id, String contents) {
    return new TlsSecret(id, Optional.empty(), Optional.of(contents));
  }

  private static SourceUpdate upsert(SecretId id, String contents) {
    return new SourceUpdate.Upsert(new OfSecret(secret(id, contents)));
  }

  private static SourceUpdate remove(SecretId id) {
    return new SourceUpdate.Remove(new SecretKey(id));
  }

  private static Folded fold(CatalogImage image, SourceName source, SourceUpdate... updates) {
    return image.apply(source, List.of(updates));
  }

  @Test
  void aDeltaNamesWhatChangedAndWhatIsGone() {
    CatalogImage before = fold(CatalogImage.EMPTY, A, upsert(CERT, "1"), upsert(CA, "1")).image();

    Folded folded = fold(before, A, upsert(CERT, "2"), remove(CA));

    assertThat(folded.secrets())
        .isEqualTo(
            new SecretsDelta(
                before.secrets(),
                Secrets.of(List.of(secret(CERT, "2"))),
                new TreeSet<>(Set.of(CERT)),
                new TreeSet<>(Set.of(CA))));
    assertThat(folded.catalog().isEmpty()).isTrue();
    assertThat(folded.documents().isEmpty()).isTrue();
    assertThat(folded.image().secrets()).isEqualTo(folded.secrets().after());
    assertThat(folded.image()).isNotEqualTo(before);
    Folded all = fold(before, A, replace(new OfSecret(secret(CA, "1"))));
    assertThat(all.secrets().removed()).containsExactly(CERT);
    assertThat(all.secrets().changed()).isEmpty();
  }

  @Test
  void whatIsThereAlreadyIsNoChange() {
    CatalogImage before = fold(CatalogImage.EMPTY, A, upsert(CERT, "1")).image();

    Folded folded = fold(before, A, upsert(CERT, "1"), remove(CA));

    assertThat(folded.secrets().isEmpty()).isTrue();
    assertThat(folded.urgency()).isEqualTo(Urgency.NONE);
    assertThat(folded.image()).isEqualTo(before);
  }

  @Test
  void ofASecretInTwoSourcesTheFirstByNameCountsUntilItIsGone() {
    CatalogImage second = fold(CatalogImage.EMPTY, B, upsert(CERT, "of b")).image();
    Folded both = fold(second, A, upsert(CERT, "of a"));
    assertThat(both.image().secrets().secret(CERT)).contains(secret(CERT, "of a"));
    assertThat(both.secrets().changed()).containsExactly(CERT);

    Folded hidden = fold(both.image(), B, upsert(CERT, "of b, renewed"));
    assertThat(hidden.secrets().isEmpty()).isTrue();
    assertThat(hidden.urgency()).isEqualTo(Urgency.NONE);

    Folded one = fold(hidden.image(), A, remove(CERT));
    assertThat(one.secrets().changed()).containsExactly(CERT);
    assertThat(one.image().secrets().secret(CERT)).contains(secret(CERT, "of b, renewed"));
    Folded none = fold(one.image(), B, remove(CERT));
    assertThat(none.secrets().removed()).containsExactly(CERT);
    assertThat(none.image()).isEqualTo(CatalogImage.EMPTY);
  }

  @Test
  void aNewSecretMayWaitAndARenewedOrRemovedOneMayNot() {
    Folded first = fold(CatalogImage.EMPTY, A, upsert(CERT, "1"));
    assertThat(first.urgency()).isEqualTo(Urgency.MAY_WAIT);
    assertThat(fold(first.image(), A, upsert(CERT, "2")).urgency()).isEqualTo(Urgency.AT_ONCE);
    assertThat(fold(first.image(), A, remove(CERT)).urgency()).isEqualTo(Urgency.AT_ONCE);
  }

  @Test
  void aRenewedSecretIsToldAtOnceWithWhatWaits() {
    Coalescer coalescer = new Coalescer(Set.of(A));
    coalescer.accept(0, Instant.EPOCH, A, List.of(upsert(CERT, "1"), new Synced()));
    Change first = coalescer.due(0, Instant.EPOCH).orElseThrow();
    coalescer.told(0);
    assertThat(first.secrets().changed()).containsExactly(CERT);
    assertThat(first.isEmpty()).isFalse();
    coalescer.accept(500 * MS, Instant.EPOCH, A, List.of(upsert(CERT, "2")));
    assertThat(coalescer.dueIn(500 * MS)).isEqualTo(OptionalLong.of(0));
    assertThat(coalescer.due(500 * MS, Instant.EPOCH)).isPresent();
    coalescer.told(500 * MS);
    coalescer.accept(501 * MS, Instant.EPOCH, A, List.of(upsert(CA, "1")));
    assertThat(coalescer.due(501 * MS, Instant.EPOCH)).isEmpty();
    coalescer.accept(502 * MS, Instant.EPOCH, A, List.of(remove(CERT)));
    Change change = coalescer.due(502 * MS, Instant.EPOCH).orElseThrow();
    assertThat(change.secrets().changed()).containsExactly(CA);
    assertThat(change.secrets().removed()).containsExactly(CERT);
    assertThat(change.secrets().before()).isEqualTo(Secrets.of(List.of(secret(CERT, "2"))));
    assertThat(change.causes().sources()).containsExactly(A);
  }

  @Test
  void aSecretThatIsTakenBackWhileItWaitsIsNotTold() {
    Coalescer coalescer = new Coalescer(Set.of());
    coalescer.due(0, Instant.EPOCH);
    coalescer.told(0);
    coalescer.accept(500 * MS, Instant.EPOCH, A, List.of(upsert(CERT, "1")));
    coalescer.accept(500 * MS, Instant.EPOCH, A, List.of(remove(CERT)));
    assertThat(coalescer.due(501 * MS, Instant.EPOCH)).isEmpty();
    assertThat(coalescer.dueIn(501 * MS)).isEmpty();
  }

  @Test
  void aChangeOfSecretsAloneIsNotEmpty() {
    Secrets secrets = Secrets.of(List.of(secret(CERT, "1")));
    SecretsDelta delta =
        new SecretsDelta(Secrets.EMPTY, secrets, new TreeSet<>(Set.of(CERT)), new TreeSet<>());

    assertThat(change(delta).isEmpty()).isFalse();
    assertThat(change(SecretsDelta.none(secrets)).isEmpty()).isTrue();
  }

  private static Change change(SecretsDelta secrets) {
    CatalogImage none = CatalogImage.EMPTY;
    return new Change(
        CatalogDelta.none(none.catalog()),
        new DocumentsDelta(none.documents(), none.documents(), new TreeSet<>(), new TreeSet<>()),
        secrets,
        new Change.Causes(new TreeSet<>(), new TreeSet<>(), Instant.EPOCH));
  }
}
