package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rollback in the middle of a canary, over three Envoys under traffic. */
@NeedsEnvoy
class RolloutRollbackTest {
  private static final String VERSIONS = Documents.versions("v1", "v2");
  private static final String PLAIN = VERSIONS + "split: {weights: {v1: 1}}\n";
  private static final String CANARY =
      VERSIONS + "rollout: {canary: {from: v1, to: v2, steps: [{weight: 40, approve: manual}]}}\n";

  @TempDir private Path folder;

  @Test
  void aRollbackToBeforeTheCanaryHoldsAndOnceItIsLiftedTheCanaryGoesOnFromWhereItWas() {
    try (RolloutAmongThree three =
        new RolloutAmongThree("rollout-rollback", folder, CANARY, "v1", "v2")) {
      three.save(PLAIN);
      three.awaitForgotten();
      String before = three.revision();
      three.save(CANARY);
      three.awaitPhase("APPROVING");
      three.answer("v1", "v2");

      assertThat(three.sluice().succeed("rollback", before)).contains("3/3 proxies have it");
      three.answer("v1");
      assertThat(three.standing().path("hindrance").path("kind").asText()).isEqualTo("ROLLBACK");
      assertThat(three.sluice().expect(1, "rollout", "promote", "orders"))
          .contains("waits for the end of the rollback to revision " + before);

      three.sluice().succeed("rollback", "--lift");
      three.answer("v1", "v2");
      three.awaitPhase("APPROVING");
      three.awaitShares("v1 60, v2 40");
      assertThat(three.shares()).endsWith("v1 60, v2 40", "", "v1 60, v2 40");

      three.ask("promote");
      assertThat(three.sluice().succeed("rollout", "status", "--wait", "orders", "--timeout=1m"))
          .contains("complete");
      three.answer("v2");
      assertThat(three.failures()).isEmpty();
    }
  }
}
