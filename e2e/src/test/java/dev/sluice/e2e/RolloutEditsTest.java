package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Canaries whose policy is edited in the middle of a step, over three Envoys under traffic. */
@NeedsEnvoy
class RolloutEditsTest {
  private static final String VERSIONS = Documents.versions("v1", "v2", "v3");
  private static final String PLAIN = VERSIONS + "split: {weights: {v1: 1}}\n";

  @TempDir private Path folder;

  @Test
  void withShorterStepsItGoesOnFromTheShareThatItHas() {
    try (RolloutAmongThree three = held("shorter-steps")) {
      three.save(
          canary(
              "v2",
              "{weight: 5, hold: 1s}, {weight: 20, hold: 4s}, {weight: 40, approve: manual}"));
      three.awaitPhase("APPROVING");
      three.answer("v1", "v2");
      assertThat(three.shares()).endsWith("v1 90, v2 10", "v1 80, v2 20", "v1 60, v2 40");

      three.ask("promote");
      three.awaitPhase("COMPLETE");
      three.answer("v2");
      assertThat(three.failures()).isEmpty();
    }
  }

  @Test
  void withAnotherTargetTheFormerOneGivesAllBackInOneChangeBeforeTheSteps() {
    try (RolloutAmongThree three = held("another-target")) {
      three.freeze(); // Until it has been seen: else it may last for one look.
      three.save(canary("v3", "{weight: 30, approve: manual}"));
      three.awaitShares("v1 100");
      three.thaw();
      three.await(it -> isApproving(it) && it.path("to").asText().equals("v3"));
      three.answer("v1", "v3");
      assertThat(three.shares()).endsWith("v1 90, v2 10", "v1 100", "v1 70, v3 30");

      three.ask("promote");
      three.awaitPhase("COMPLETE");
      three.answer("v3");
      assertThat(three.failures()).isEmpty();
    }
  }

  @Test
  void withoutItsRolloutAPolicyForgetsHowItStood() {
    try (RolloutAmongThree three = held("taken-out")) {
      three.save(PLAIN);
      three.awaitForgotten();
      three.awaitAnswers("v1");
      three.awaitShares("");

      three.save(canary("v2", "{weight: 40, approve: manual}"));
      three.await(RolloutEditsTest::isApproving);
      three.answer("v1", "v2");
      assertThat(three.shares())
          .filteredOn(shares -> !shares.equals("v1 100"))
          .endsWith("v1 90, v2 10", "", "v1 60, v2 40");
      assertThat(three.failures()).isEmpty();
    }
  }

  /** In the middle of the hold of its first step, with 10 % at v2. */
  private RolloutAmongThree held(String name) {
    RolloutAmongThree three =
        new RolloutAmongThree(
            name, folder, canary("v2", "{weight: 10, hold: 10m}, {weight: 50}"), "v1", "v2", "v3");
    three.awaitPhase("HOLDING");
    three.awaitShares("v1 90, v2 10");
    return three;
  }

  private static boolean isApproving(JsonNode rollout) {
    return rollout.path("phase").asText().equals("APPROVING");
  }

  private static String canary(String to, String steps) {
    return VERSIONS + "rollout: {canary: {from: v1, to: %s, steps: [%s]}}\n".formatted(to, steps);
  }
}
