package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LatenessTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private final Lateness lateness = new Lateness();

  /** Since when they have been behind; those that begin with b are told of by the replica b. */
  private Instant at(int second, String... behind) {
    TreeMap<String, String> elsewhere = new TreeMap<>();
    Arrays.stream(behind).filter(it -> it.startsWith("b")).forEach(it -> elsewhere.put(it, "b"));
    Confirmation confirmation =
        new Confirmation(
            0,
            behind.length,
            new TreeSet<>(List.of(behind)),
            new TreeMap<>(),
            new TreeMap<>(),
            elsewhere);
    return lateness.since(confirmation, BEGIN.plusSeconds(second));
  }

  @Test
  void itCountsFromTheFirstLookInWhichTheLatestOfThemWasBehind() {
    assertThat(at(0, "p1")).isEqualTo(BEGIN);
    assertThat(at(5, "p1", "p2")).isEqualTo(BEGIN.plusSeconds(5));
    assertThat(at(9, "p1")).isEqualTo(BEGIN);
  }

  @Test
  void whoWasNotBehindForALookBeginsAnew() {
    at(0, "p1");
    at(1);
    assertThat(at(2, "p1")).isEqualTo(BEGIN.plus(Duration.ofSeconds(2)));
  }

  @Test
  void untilAReplicaTellsOfTheNewestItsProxiesMayBeBehindStill() {
    at(0, "b1");
    assertThat(at(5, "replica b")).isEqualTo(BEGIN.plusSeconds(5));
    assertThat(at(6, "b1")).isEqualTo(BEGIN);
    assertThat(at(7, "replica b")).as("a replica tells anew").isEqualTo(BEGIN.plusSeconds(7));
  }

  @Test
  void aReplicaThatSaysNothingKeepsNobodyElseBehind() {
    at(0, "p1", "b1", "replica c");
    at(1, "replica b", "replica c");
    assertThat(at(2, "p1", "replica b", "replica c")).isEqualTo(BEGIN.plusSeconds(2));
    assertThat(at(8, "b1", "replica c")).isEqualTo(BEGIN);

    at(9, "replica b");
    at(20, "replica b");
    assertThat(at(600, "b1")).as("it was silent too long").isEqualTo(BEGIN.plusSeconds(600));
  }
}
