package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.rollout.analysis.Measured;
import dev.sluice.spec.Rollout;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Rollouts of which some proxies are not given the newest. */
class HeldBackRolloutTest {
  private static final Instant LONG_AGO = RolloutWorld.BEGIN;
  private static final Instant NOW = LONG_AGO.plus(Duration.ofHours(1));
  private static final Rollout SECTION = Sections.canary(10, 50);
  private static final RolloutState BEGUN =
      RolloutState.beginning(Target.of(SECTION), Shares.of("v1", "v2", 0), LONG_AGO);

  @Test
  void whoIsHeldBackIsWaitedForHoweverLongItTakes() {
    Confirmation halted = confirmation(Map.of("b", "it goes no further: a is silent"), Map.of());

    RolloutState next = next(shifting(), halted);

    assertThat(next.phase()).isEqualTo(Phase.SHIFTING);
    assertThat(next.words())
        .endsWith(
            "is acknowledged by 1/2 proxies; b is not given it: it goes no further: a is silent");
  }

  @Test
  void whoIsSilentForSoLongIsNot() {
    assertThat(next(shifting(), confirmation(Map.of(), Map.of())).phase()).isEqualTo(Phase.HOLDING);
  }

  @Test
  void beforeItsFirstStepARolloutWaitsAndSaysWhoRefusedWhat() {
    RolloutState next = next(BEGUN, confirmation(Map.of(), Map.of("a", "no such socket")));

    assertThat(next.phase()).isEqualTo(Phase.READYING);
    assertThat(next.words())
        .endsWith("is acknowledged by 1/2 proxies; a refused it: no such socket");
  }

  private static RolloutState shifting() {
    return BEGUN.moved(Shares.of("v1", "v2", 100_000), Phase.SHIFTING, LONG_AGO, "");
  }

  private static Confirmation confirmation(Map<String, String> held, Map<String, String> refused) {
    return new Confirmation(
        1, 2, new TreeSet<>(List.of("b")), new TreeMap<>(refused), new TreeMap<>(held));
  }

  private static RolloutState next(RolloutState state, Confirmation confirmation) {
    TreeMap<String, Readiness> versions = new TreeMap<>();
    versions.put("v1", new Readiness(9, 9));
    versions.put("v2", new Readiness(9, 9));
    return Rolling.next(
        SECTION,
        Optional.of(state),
        new Facts(
            NOW,
            Collections.unmodifiableSortedMap(versions),
            Optional.of(confirmation),
            new Measured.Nothing(),
            LONG_AGO));
  }
}
