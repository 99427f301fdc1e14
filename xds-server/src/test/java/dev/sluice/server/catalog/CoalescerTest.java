package dev.sluice.server.catalog;

import static dev.sluice.server.source.Facts.gateway;
import static dev.sluice.server.source.Facts.gatewayKey;
import static dev.sluice.server.source.Facts.id;
import static dev.sluice.server.source.Facts.removeService;
import static dev.sluice.server.source.Facts.service;
import static dev.sluice.server.source.Facts.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.SourceName;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Synced;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CoalescerTest {

  private static final long MS = 1_000_000;
  private static final SourceName A = new SourceName("consul", "a");
  private static final SourceName B = new SourceName("file", "b");

  private final Coalescer coalescer = new Coalescer(Set.of(A, B));

  private static Instant wall(long now) {
    return Instant.EPOCH.plusNanos(now);
  }

  private void tell(long now, SourceName source, SourceUpdate... updates) {
    coalescer.accept(now, wall(now), source, List.of(updates));
  }

  private Change take(long now) {
    Change change = coalescer.due(now, wall(now)).orElseThrow();
    coalescer.told(now);
    return change;
  }

  private void sync(long now) {
    tell(now, A, new Synced());
    tell(now, B, new Synced());
    take(now);
  }

  @Test
  void nothingIsDueBeforeEverySourceIsSyncedThenAllAtOnce() {
    tell(0, A, upsert(service(A, "a", "10.0.0.1")), new Synced());
    tell(MS, B, upsert(gateway("public", "x.example.com")));
    tell(2 * MS, A, removeService("a"), upsert(service(A, "b", "10.0.0.1")));
    assertThat(coalescer.dueIn(1000 * MS)).isEmpty();
    tell(2000 * MS, B, new Synced());
    Change change = take(2000 * MS);
    assertThat(change.catalog().changed()).containsExactly(id("b"));
    assertThat(change.catalog().removed()).isEmpty();
    assertThat(change.documents().changed()).containsExactly(gatewayKey("public"));
    assertThat(change.causes().sources()).containsExactly(A, B);
    assertThat(change.causes().documents()).containsExactly(gatewayKey("public"));
    assertThat(change.causes().firstSeen()).isEqualTo(Instant.EPOCH);
    assertThat(coalescer.dueIn(2000 * MS)).isEmpty();
  }

  @Test
  void theFirstChangeIsToldThoughItIsEmpty() {
    tell(0, A, new Synced());
    tell(0, B, new Synced());
    assertThat(take(0).isEmpty()).isTrue();
    assertThat(new Coalescer(Set.of()).due(0, wall(0))).isPresent();
  }

  @Test
  void additionsOfABurstAreToldTogether() {
    sync(0);
    tell(500 * MS, A, upsert(service(A, "a", "10.0.0.1")));
    take(500 * MS);
    tell(501 * MS, A, upsert(service(A, "b", "10.0.0.1")));
    tell(503 * MS, B, upsert(service(B, "c", "10.0.0.1")));
    assertThat(coalescer.due(503 * MS, wall(503 * MS))).isEmpty();
    assertThat(coalescer.dueIn(503 * MS)).isEqualTo(OptionalLong.of(3 * MS));
    Change change = take(506 * MS);
    assertThat(change.catalog().changed()).containsExactly(id("b"), id("c"));
    assertThat(change.causes().firstSeen()).isEqualTo(wall(501 * MS));
  }

  @Test
  void aRemovalGoesAtOnceAndTakesAlongWhatWaits() {
    sync(0);
    tell(500 * MS, A, upsert(service(A, "a", "10.0.0.1")));
    take(500 * MS);
    tell(501 * MS, A, upsert(service(A, "b", "10.0.0.1")));
    tell(502 * MS, A, removeService("a"));
    Change change = take(502 * MS);
    assertThat(change.catalog().changed()).containsExactly(id("b"));
    assertThat(change.catalog().removed()).containsExactly(id("a"));
  }

  @Test
  void whatIsTakenBackWhileItWaitsIsNotTold() {
    sync(0);
    tell(500 * MS, A, upsert(service(A, "a", "10.0.0.1")));
    take(500 * MS);
    tell(501 * MS, A, upsert(service(A, "b", "10.0.0.1")));
    tell(502 * MS, A, removeService("b"));
    assertThat(coalescer.due(502 * MS, wall(502 * MS))).isEmpty();
    assertThat(coalescer.dueIn(502 * MS)).isEmpty();
  }

  @Test
  void aRefusedChangeIsPartOfTheNextOne() {
    sync(0);
    tell(500 * MS, A, upsert(service(A, "a", "10.0.0.1")));
    assertThat(coalescer.due(500 * MS, wall(500 * MS))).isPresent();
    coalescer.refused(500 * MS);
    assertThat(coalescer.due(501 * MS, wall(501 * MS))).isEmpty();
    tell(502 * MS, A, upsert(service(A, "b", "10.0.0.1")));
    Change change = take(502 * MS);
    assertThat(change.catalog().before().services()).isEmpty();
    assertThat(change.catalog().changed()).containsExactly(id("a"), id("b"));
  }

  @Test
  void aRefusedChangeIsDueAgainLaterAndLater() {
    sync(0);
    tell(0, A, upsert(service(A, "a", "10.0.0.1")));
    long now = 500 * MS;
    for (long seconds : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      assertThat(coalescer.due(now, wall(now))).isPresent();
      coalescer.refused(now);
      assertThat(coalescer.dueIn(now))
          .isEqualTo(OptionalLong.of(Duration.ofSeconds(seconds).toNanos()));
      now += Duration.ofSeconds(seconds).toNanos();
    }
    assertThat(take(now).catalog().changed()).containsExactly(id("a"));
    assertThat(coalescer.dueIn(now)).isEmpty();
  }

  @Test
  void whatMayWaitIsDueAtOnceForWhoIsInAHurry() {
    sync(0);
    tell(0, A, upsert(service(A, "a", "10.0.0.1")));
    take(6 * MS);
    tell(7 * MS, A, upsert(service(A, "b", "10.0.0.1")));
    assertThat(coalescer.dueIn(7 * MS).orElseThrow()).isPositive();
    assertThat(coalescer.isSettled()).isFalse();

    coalescer.hurry();
    assertThat(coalescer.dueIn(7 * MS)).hasValue(0);
    take(7 * MS);
    assertThat(coalescer.isSettled()).isTrue();
    coalescer.hurry();
    assertThat(coalescer.dueIn(7 * MS)).isEmpty();
  }
}
