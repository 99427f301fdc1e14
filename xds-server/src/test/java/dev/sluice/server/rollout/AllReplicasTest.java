package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.conditions.RolloutTally;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What all replicas together tell of their proxies. */
class AllReplicasTest {
  private static final long SERIAL = 3;
  private static final long GENERATION = 7;

  private static Confirmation withTwo(RolloutTally told) {
    return AllReplicas.of(
        Confirmation.OF_NONE, new TreeMap<>(Map.of("two", Optional.of(told))), SERIAL, GENERATION);
  }

  private static RolloutTally tally(Confirmation own) {
    return AllReplicas.tally(own, SERIAL, GENERATION);
  }

  @Test
  void ofAReplicaThatHasAnotherEditionItIsKnownThatItIsNotDone() {
    assertThat(withTwo(AllReplicas.tally(Confirmation.OF_NONE, SERIAL, 6)))
        .satisfies(sum -> assertThat(sum.isComplete()).isFalse())
        .satisfies(sum -> assertThat(sum.pending()).containsExactly("replica two"));
  }

  @Test
  void whoIsHeldBackAtAnotherReplicaIsToldSo() {
    Confirmation held =
        new Confirmation(
            1,
            2,
            new TreeSet<>(List.of("b")),
            new TreeMap<>(),
            new TreeMap<>(Map.of("b", "it goes no further")));
    Confirmation sum = withTwo(tally(held));
    assertThat(sum.pending()).isEqualTo(held.pending());
    assertThat(sum.held()).isEqualTo(held.held());
    assertThat(sum.elsewhere()).isEqualTo(Map.of("b", "two"));
    assertThat(sum).hasToString("1/2");
  }

  /** A report is to be short: of five proxies it names, say, one that refused and two that wait. */
  private static RolloutTally short5(int barred) {
    return new RolloutTally(
        SERIAL,
        GENERATION,
        0,
        5,
        new TreeSet<>(List.of("b", "c")),
        new TreeMap<>(Map.of("a", "no such socket")),
        new TreeMap<>(Map.of("b", "others refused it", "c", "others refused it")),
        barred);
  }

  @Test
  void whereAllThatAreNotNamedRefusedItTheyAreNotWaitedForOnTheWayBack() {
    String unnamed = "more proxies of the replica two";
    assertThat(withTwo(short5(5)).pending()).containsExactly("b", "c", unnamed);
    assertThat(withTwo(short5(5)).held()).containsOnlyKeys("b", "c", unnamed);
    assertThat(withTwo(short5(4)).held()).as("one is just late").containsOnlyKeys("b", "c");
  }

  @Test
  void thoseThatAreNotNamedStayLateWhileTheirReplicaIsAboutToTellOfTheNextState() {
    Lateness lateness = new Lateness();
    Instant begin = RolloutWorld.BEGIN;
    assertThat(lateness.since(withTwo(short5(0)), begin)).isEqualTo(begin);
    Confirmation untold =
        AllReplicas.of(
            Confirmation.OF_NONE, new TreeMap<>(Map.of("two", Optional.empty())), 4, GENERATION);
    Instant next = begin.plus(Duration.ofMinutes(1));
    assertThat(lateness.since(untold, next)).isEqualTo(next);
    assertThat(lateness.since(withTwo(short5(0)), next.plusSeconds(1))).isEqualTo(begin);
  }
}
