package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flips that go wrong, over three Envoys under traffic. */
@NeedsEnvoy
class RolloutFaultsTest {
  private static final String WAIT = "onSilent: wait, silentAfter: 1s";
  private static final String EXCEPT = "onSilent: except, silentAfter: 8s";
  private static final List<String> STAYED = List.of("v1");
  private static final List<String> FLIPPED = List.of("v1", "v2");
  private static final List<String> FLIPPED_BACK = List.of("v1", "v2", "v1");

  @TempDir private Path folder;

  @Test
  void aFlipWaitsForAFrozenProxyAndSaysSo() {
    try (RolloutAmongThree three = begun("flip-waits", WAIT)) {
      three.freeze();
      three.save(flip("v2", "v1", WAIT));
      three.awaitPhase("SHIFTING");
      three.staysIn("SHIFTING", Duration.ofSeconds(4));

      JsonNode standing = three.await(it -> hasBothOthers(it, "SHIFTING"));
      assertThat(standing.at("/proxies/pending").toString())
          .isEqualTo("[\"" + three.frozen() + "\"]");
      assertThat(standing.path("message").asText())
          .isEqualTo("v1 0 %, v2 100 % is acknowledged by 2/3 proxies; not by " + three.frozen());
      three.othersAnswer("v2");

      three.thaw();
      assertThat(three.awaitPhase("KEEPING").path("excepted")).isEmpty();
      three.answer("v2");
      assertThat(three.runs().values()).containsOnly(FLIPPED);
      assertThat(three.failures()).isEmpty();
    }
  }

  @Test
  void aFlipGoesOnWithoutAFrozenProxyWhichIsNamedAndGetsItWhenItWakes() {
    try (RolloutAmongThree three = begun("flip-excepts", EXCEPT)) {
      three.freeze();
      three.save(flip("v2", "v1", EXCEPT));
      JsonNode standing = three.awaitPhase("KEEPING");
      assertThat(standing.path("excepted").toString()).isEqualTo("[\"" + three.frozen() + "\"]");
      three.othersAnswer("v2");

      three.thaw();
      three.await(it -> it.at("/proxies/acknowledged").asInt() == 3);
      three.answer("v2");
      assertThat(three.runs().values()).containsOnly(FLIPPED);
      assertThat(three.failures()).isEmpty();
    }
  }

  @Test
  void aFlipWhoseGateIsNotMetInItsTimeIsGivenUpAndNoTrafficMoves() {
    try (RolloutAmongThree three = begun("flip-given-up", WAIT)) {
      three.save(
          flip("v2", "v1", WAIT)
              .replace("stableFor: 1s", "minReady: 2, stableFor: 1s, timeout: 3s"));
      assertThat(three.awaitPhase("GIVEN_UP").path("message").asText())
          .isEqualTo(
              "no traffic moved: the gate is not met: 1 of 1 instances of v2 are ready,"
                  + " it takes 2 and 100 %");
      three.answer("v1");
      assertThat(three.changes()).isZero();
      assertThat(three.runs().values()).containsOnly(STAYED);
      assertThat(three.failures()).isEmpty();
    }
  }

  @Test
  void aFlipGoesBackWhenTheNewVersionDiesWhileProxiesAreAcknowledgingIt() {
    try (RolloutAmongThree three = begun("flip-dies", WAIT)) {
      three.freeze();
      three.save(flip("v2", "v1", WAIT));
      three.await(it -> hasBothOthers(it, "SHIFTING"));
      three.othersAnswer("v2");
      long died = three.ready("v1");
      JsonNode reverting = three.await(it -> hasBothOthers(it, "REVERTING"));
      assertThat(reverting.path("message").asText())
          .startsWith("v2 has no ready instance; v1 100 %, v2 0 % is acknowledged by ");
      three.othersAnswer("v1");

      long woke = System.nanoTime();
      three.thaw();
      three.awaitPhase("REVERTED");
      three.answer("v1");
      assertThat(three.shares()).containsExactly("v1 100", "v2 100", "v1 100");
      assertThat(three.runs().values()).isSubsetOf(STAYED, FLIPPED_BACK);
      assertThat(three.failures())
          .as("none but of those that were to reach a version that was gone")
          .allSatisfy(it -> assertBrief(it, it.doneNanos() - woke < 0 ? died : woke));
    }
  }

  @Test
  void aFlipGoesBackToTheVersionKeptAtHandWhenTheNewOneDies() {
    try (RolloutAmongThree three = begun("flip-keeps", WAIT)) {
      three.save(flip("v2", "v1", WAIT));
      three.awaitPhase("KEEPING");
      three.answer("v2");
      long died = three.ready("v1");
      assertThat(three.awaitPhase("REVERTED").path("message").asText())
          .isEqualTo("v2 has no ready instance");
      three.answer("v1");
      assertThat(three.changes())
          .as("there; on the way back v1 stood in for it already, with the change of instances")
          .isEqualTo(1);
      assertThat(three.runs().values()).containsOnly(FLIPPED_BACK);
      System.out.println(three.failures().size() + " requests failed when v2 died");
      assertThat(three.failures()).allSatisfy(it -> assertBrief(it, died));
    }
  }

  @Test
  void aFlipThatIsSwappedBackInItsMiddleIsOneChange() {
    try (RolloutAmongThree three = begun("flip-swapped", WAIT)) {
      three.freeze();
      three.save(flip("v2", "v1", WAIT));
      three.await(it -> hasBothOthers(it, "SHIFTING"));
      three.othersAnswer("v2");
      three.save(flip("v1", "v2", WAIT));
      JsonNode swapped =
          three.await(it -> it.path("to").asText().equals("v1") && hasBothOthers(it, "SHIFTING"));
      three.othersAnswer("v1");
      assertThat(swapped.at("/proxies/pending").toString())
          .isEqualTo("[\"" + three.frozen() + "\"]");

      three.thaw();
      three.awaitPhase("KEEPING");
      three.answer("v1");
      assertThat(three.changes()).as("there and back").isEqualTo(2);
      assertThat(three.shares()).containsExactly("v1 100", "v2 100", "v1 100");
      assertThat(three.runs().values()).isSubsetOf(STAYED, FLIPPED_BACK);
      assertThat(three.failures()).isEmpty();
    }
  }

  private RolloutAmongThree begun(String name, String silence) {
    RolloutAmongThree three =
        new RolloutAmongThree(name, folder, flip("v1", "v2", silence), "v1", "v2");
    three.awaitPhase("COMPLETE");
    three.answer("v1");
    return three;
  }

  /** Whether it is in that phase, and all but the frozen one have acknowledged its shares. */
  private static boolean hasBothOthers(JsonNode rollout, String phase) {
    return rollout.path("phase").asText().equals(phase)
        && rollout.at("/proxies/acknowledged").asInt() == 2;
  }

  private static String flip(String active, String standby, String silence) {
    return Documents.versions("v1", "v2")
        + """
        rollout:
          blueGreen: {active: %s, standby: %s, keepStandby: 5m, gate: {stableFor: 1s}}
        """
            .formatted(active, standby)
        + silence.replace(", ", "\n").indent(2);
  }

  /** Within two seconds: a look of the rollout, and the way to the proxies. */
  private static void assertBrief(Answer failure, long since) {
    assertThat(TimeUnit.NANOSECONDS.toMillis(failure.doneNanos() - since))
        .as("%s", failure)
        .isBetween(0L, 2_000L);
  }
}
