package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.rollout.analysis.Measured;
import dev.sluice.spec.Canary;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A canary whose section is edited in its middle. */
final class EditedCanaryTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final RolloutWorld world =
      new RolloutWorld(Sections.canary(1, 10, 50), Map.of("v1", 4, "v2", 4));

  @Test
  void goesOnFromWhereItStandsWhenItsStepsAreEdited() {
    world.settle();
    world.after(Sections.HOLD);
    world.section = Sections.canary(5, 25);
    assertThat(world.settle().reached()).as("held as the step of 5 is").isEqualTo(100_000);
    assertThat(world.after(Sections.HOLD).reached()).isEqualTo(250_000);
    assertThat(world.sharesOf("v2")).isEqualTo(List.of(0, 1, 10, 25));
  }

  @Test
  void goesOnOnceAnEditHasItAskNobody() {
    world.section =
        Sections.canary("v1", "v2", Canary.Approve.MANUAL, Canary.OnFailure.ROLLBACK, 10, 50);
    world.settle();
    assertThat(world.after(Sections.HOLD).phase()).isEqualTo(Phase.APPROVING);
    world.ask(Verb.PAUSE);
    world.section = Sections.canary(10, 50);
    assertThat(world.settle().phase()).as("paused").isEqualTo(Phase.APPROVING);
    world.ask(Verb.RESUME);
    assertThat(world.settle().reached()).isEqualTo(500_000);
    assertThat(world.state().phase()).isEqualTo(Phase.HOLDING);
  }

  @Test
  void stepsThatAllGoLessFarByAnEditAreHeldBeforeTheLast() {
    world.settle();
    world.after(Sections.HOLD);
    world.section = Sections.canary(2, 5);
    assertThat(world.settle().reached()).isEqualTo(100_000);
    assertThat(world.after(Sections.HOLD).reached()).isEqualTo(Shares.WHOLE);
  }

  @Test
  void swappedAtTheShareOfAStepThatStepIsHeldFirst() {
    world.settle();
    world.after(Sections.HOLD);
    world.section =
        Sections.canary("v2", "v1", Canary.Approve.AUTO, Canary.OnFailure.ROLLBACK, 50, 90, 95);
    assertThat(world.settle().phase()).isEqualTo(Phase.HOLDING);
    assertThat(world.state().shares().of("v1")).isEqualTo(900_000);
    assertThat(world.after(Sections.HOLD).shares().of("v1")).isEqualTo(950_000);
  }

  @Test
  void goesToAnotherVersionByWayOfTheOldOne() {
    world.ready("v3", 4);
    world.settle();
    world.after(Sections.HOLD);
    world.section = Sections.canary("v1", "v3", Canary.Approve.AUTO, Canary.OnFailure.ROLLBACK, 20);
    world.settle();
    assertThat(world.sharesOf("v2")).isEqualTo(List.of(0, 1, 10, 0));
    assertThat(world.sharesOf("v1")).isEqualTo(List.of(100, 99, 90, 100, 80));
    assertThat(world.state().shares().of("v3")).isEqualTo(200_000);
  }

  @Test
  void anAbortWhoseDirectionIsSwappedIsOverOnceAllHaveIt() {
    world.settle();
    world.pending.add("p0");
    world.ask(Verb.ABORT);
    world.section =
        Sections.canary("v2", "v1", Canary.Approve.MANUAL, Canary.OnFailure.ROLLBACK, 10);
    world.measured = new Measured.Failed("bad");
    assertThat(world.settle().phase()).isEqualTo(Phase.READYING);
    world.measured = new Measured.Nothing();
    world.pending.clear();
    assertThat(world.settle().phase()).isEqualTo(Phase.COMPLETE);
    assertThat(world.state().shares().isWholly("v1")).isTrue();
  }

  /** All of the traffic is at v1 again, which the section calls the new version by now. */
  private void abortAndSwap() {
    world.settle();
    world.ask(Verb.ABORT);
    world.section =
        Sections.waiting(
            Sections.canary("v2", "v1", Canary.Approve.MANUAL, Canary.OnFailure.ROLLBACK, 10));
  }

  @Test
  void anAbortWhoseDirectionIsSwappedIsOverWhenItIsPromoted() {
    world.pending.add("p0");
    abortAndSwap();
    world.settle();
    world.ready("v1", 0);
    assertThat(world.settle().phase()).isEqualTo(Phase.READYING);
    assertThat(world.ask(Verb.PROMOTE)).isInstanceOf(Asked.Done.class);
    assertThat(world.state().phase()).isEqualTo(Phase.COMPLETE);
    assertThat(world.state().shares().isWholly("v1")).isTrue();
    assertThat(world.state().excepted()).containsExactly("p0");
  }

  @Test
  void anAbortWhoseDirectionIsSwappedDoesNotWaitForEverForWhoRefusesIt() {
    world.refused.put("p0", "no");
    abortAndSwap();
    assertThat(world.after(Duration.ofSeconds(59)).phase()).isEqualTo(Phase.READYING);
    assertThat(world.after(SECOND).phase()).isEqualTo(Phase.COMPLETE);
    assertThat(world.state().excepted()).containsExactly("p0");
  }
}
