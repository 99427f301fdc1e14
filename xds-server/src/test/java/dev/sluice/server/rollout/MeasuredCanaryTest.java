package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.rollout.analysis.Measured;
import dev.sluice.spec.Canary;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a canary by what is measured of it. */
final class MeasuredCanaryTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final RolloutWorld world =
      new RolloutWorld(Sections.canary(1, 10, 50), Map.of("v1", 4, "v2", 4));

  @Test
  void goesBackWhenTheAnalysisFails() {
    world.settle();
    world.measured = new Measured.Failed("errors: 5.1, at most 1");
    assertThat(world.settle().phase()).isEqualTo(Phase.REVERTED);
    assertThat(world.state().shares().isWholly("v1")).isTrue();
    assertThat(world.state().words()).isEqualTo("errors: 5.1, at most 1");
    assertThat(world.after(Duration.ofDays(1)).phase()).isEqualTo(Phase.REVERTED);
  }

  @Test
  void pausesWhenTheAnalysisFailsWhereItIsToldSo() {
    world.section = Sections.canary("v1", "v2", Canary.Approve.AUTO, Canary.OnFailure.PAUSE, 1, 10);
    world.settle();
    world.measured = new Measured.Failed("errors");
    world.after(Sections.HOLD);
    assertThat(world.state().reached()).isEqualTo(10_000);
    assertThat(world.state().pause().orElseThrow().words()).isEqualTo("errors");
    world.measured = new Measured.Good();
    assertThat(world.after(Duration.ofHours(1)).reached()).isEqualTo(10_000);
    assertThat(world.ask(Verb.RESUME)).isInstanceOf(Asked.Done.class);
    assertThat(world.settle().reached()).isEqualTo(100_000);
  }

  @Test
  void pausesWithoutAnAnswerAndCountsThatAsNeitherGoodNorBad() {
    world.settle();
    world.measured = new Measured.Pending("waits for errors");
    assertThat(world.after(Duration.ofHours(1)).reached()).isEqualTo(10_000);
    world.measured = new Measured.Inconclusive("no data");
    assertThat(world.settle().pause()).isPresent();
    assertThat(world.state().shares().of("v2")).isEqualTo(10_000);
  }

  @Test
  void goesOnOnlyOnceEverythingThatIsMeasuredIsGood() {
    world.settle();
    world.measured = new Measured.Pending("waits for a good answer of errors");
    world.after(SECOND);
    assertThat(world.state().words()).isEmpty();
    assertThat(world.after(Sections.HOLD).phase()).isEqualTo(Phase.HOLDING);
    assertThat(world.state().words()).isEqualTo("waits for a good answer of errors");
    world.measured = new Measured.Good();
    assertThat(world.settle().reached()).isEqualTo(100_000);
  }

  @Test
  void goesOnWithoutAnAnswerWhereSomebodySaysSo() {
    world.settle();
    world.measured = new Measured.Inconclusive("no data");
    world.settle();
    world.ask(Verb.PROMOTE);
    world.measured = new Measured.Pending("measured anew, as after each pause");
    assertThat(world.settle().reached()).isEqualTo(100_000);
  }

  @Test
  void isMeasuredAlsoWhileItWaitsForApprovalForInstancesAndInAPause() {
    world.section =
        Sections.canary("v1", "v2", Canary.Approve.MANUAL, Canary.OnFailure.ROLLBACK, 1, 50);
    world.ready("v1", 10);
    world.ready("v2", 1);
    world.settle();
    world.after(Sections.HOLD);
    assertThat(goesBackFrom(Phase.APPROVING)).isTrue();
    world.ask(Verb.PROMOTE);
    world.settle();
    assertThat(goesBackFrom(Phase.READYING)).as("the step to 50 % waits for instances").isTrue();
    world.ready("v2", 4);
    world.settle();
    world.ask(Verb.PAUSE);
    assertThat(goesBackFrom(Phase.HOLDING)).isTrue();
  }

  @Test
  void pausesForWantOfAnAnswerAlsoWhileTheNextStepWaits() {
    world.section = Sections.canary(10, 90);
    world.ready("v1", 10);
    world.settle();
    world.ready("v2", 1);
    world.after(Sections.HOLD);
    world.measured = new Measured.Inconclusive("no data");
    assertThat(world.settle().pause()).isPresent();
    world.ready("v2", 10);
    assertThat(world.settle().reached()).isEqualTo(100_000);
  }

  @Test
  void anAnswerIsNotMissedWhereAnEditGaveAllBack() {
    world.ready("v3", 0);
    world.settle();
    world.section = Sections.canary("v1", "v3", Canary.Approve.AUTO, Canary.OnFailure.ROLLBACK, 20);
    world.measured = new Measured.Inconclusive("no data");
    world.settle();
    assertThat(world.state().pause()).isEmpty();
    assertThat(world.state().phase()).isEqualTo(Phase.READYING);
  }

  @Test
  void isMeasuredWhileProxiesAreAcknowledging() {
    world.section = Sections.waiting(Sections.canary(10, 50));
    world.pending.add("frozen");
    world.settle();
    world.pending.clear();
    world.look();
    world.pending.add("frozen");
    world.after(Duration.ofHours(1));
    assertThat(world.state().phase()).isEqualTo(Phase.SHIFTING);
    world.measured = new Measured.Failed("bad");
    assertThat(world.settle().phase()).isEqualTo(Phase.REVERTING);
  }

  /** Looks once with a failure, and puts back what was before. */
  private boolean goesBackFrom(Phase phase) {
    RolloutState before = world.state();
    assertThat(before.phase()).isEqualTo(phase);
    world.measured = new Measured.Failed("errors");
    boolean isBack = world.look().phase() == Phase.REVERTING;
    world.measured = new Measured.Good();
    world.state = Optional.of(before);
    return isBack;
  }
}
