package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.spec.Rollout;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BlueGreenRollingTest {
  private static final Duration STABLE = Duration.ofSeconds(10);

  private final RolloutWorld world =
      new RolloutWorld(Sections.blueGreen("blue", "green"), Map.of("blue", 2, "green", 2));

  @Test
  void hasNothingToDoAtFirst() {
    assertThat(world.settle().phase()).isEqualTo(Phase.COMPLETE);
    assertThat(world.state().shares().isWholly("blue")).isTrue();
  }

  @Test
  void flipsAllAtOnceOnceTheGateHasBeenMetForItsTime() {
    world.settle();
    swap("green", "blue");
    assertThat(world.settle().phase()).isEqualTo(Phase.READYING);
    assertThat(world.after(STABLE).phase()).isEqualTo(Phase.KEEPING);
    assertThat(world.sharesOf("green")).isEqualTo(List.of(0, 100));
    assertThat(world.after(Duration.ofMinutes(30)).phase()).isEqualTo(Phase.COMPLETE);
  }

  @Test
  void beginsTheGatesTimeAnewWhenAnInstanceIsNotReady() {
    world.settle();
    swap("green", "blue");
    world.settle();
    world.after(STABLE.minusSeconds(1));
    world.versions.put("green", new Readiness(1, 2));
    assertThat(world.after(STABLE).words())
        .isEqualTo(
            "the gate is not met: 1 of 2 instances of green are ready, it takes 1 and 100 %");
    world.ready("green", 2);
    world.settle();
    assertThat(world.after(STABLE.minusSeconds(1)).phase()).isEqualTo(Phase.READYING);
    assertThat(world.after(Duration.ofSeconds(1)).phase()).isEqualTo(Phase.KEEPING);
  }

  @Test
  void leavesTheTrafficWhereItIsWhenTheGateIsNotMetInItsTime() {
    world.ready("green", 0);
    world.settle();
    swap("green", "blue");
    world.settle();
    assertThat(world.after(Duration.ofMinutes(5)).phase()).isEqualTo(Phase.GIVEN_UP);
    assertThat(world.state().words())
        .isEqualTo(
            "no traffic moved: the gate is not met: 0 of 1 instances of green are ready, it takes 1"
                + " and 100 %");
    world.ready("green", 2);
    assertThat(world.after(Duration.ofHours(1)).shares().isWholly("blue")).isTrue();
    world.ask(Verb.RESUME);
    world.settle();
    assertThat(world.after(STABLE).shares().isWholly("green")).isTrue();
  }

  @Test
  void goesBackInOneChangeWithinTheTimeThatTheStandbyIsKept() {
    flip();
    swap("blue", "green");
    assertThat(world.settle().phase()).isEqualTo(Phase.KEEPING);
    assertThat(world.sharesOf("blue")).isEqualTo(List.of(100, 0, 100));
  }

  @Test
  void goesThroughTheGateAgainAfterThatTime() {
    flip();
    world.after(Duration.ofMinutes(30));
    swap("blue", "green");
    assertThat(world.settle().phase()).isEqualTo(Phase.READYING);
    assertThat(world.after(STABLE).shares().isWholly("blue")).isTrue();
  }

  @Test
  void goesBackWhenTheStandbyDiesDuringTheFlip() {
    world.settle();
    swap("green", "blue");
    world.settle();
    world.now = world.now.plus(STABLE);
    world.look();
    world.pending.add("slow");
    world.ready("green", 0);
    assertThat(world.look().phase()).isEqualTo(Phase.REVERTING);
    world.pending.clear();
    assertThat(world.settle().phase()).isEqualTo(Phase.REVERTED);
    assertThat(world.state().shares().isWholly("blue")).isTrue();
  }

  @Test
  void goesBackWhenTheActiveOneDiesWhileTheOtherIsKept() {
    flip();
    world.ready("green", 0);
    assertThat(world.settle().phase()).isEqualTo(Phase.REVERTED);
    assertThat(world.state().shares().isWholly("blue")).isTrue();
  }

  @Test
  void waitsForASilentProxyWhereItIsToldSo() {
    world.settle();
    world.section = Sections.blueGreen("green", "blue", Rollout.OnSilent.WAIT);
    world.settle();
    world.now = world.now.plus(STABLE);
    world.look();
    world.pending.add("frozen");
    assertThat(world.after(Duration.ofHours(1)).phase()).isEqualTo(Phase.SHIFTING);
    assertThat(world.state().words())
        .isEqualTo("blue 0 %, green 100 % is acknowledged by 2/3 proxies; not by frozen");
    world.pending.clear();
    assertThat(world.settle().phase()).isEqualTo(Phase.KEEPING);
  }

  @Test
  void doesNotFlipToAVersionWithoutInstancesEvenWhenPromoted() {
    world.ready("green", 0);
    world.settle();
    swap("green", "blue");
    world.settle();
    assertThat(world.ask(Verb.PROMOTE)).isEqualTo(new Asked.Refused("green has no ready instance"));
    world.ready("green", 1);
    world.ask(Verb.PROMOTE);
    assertThat(world.settle().shares().isWholly("green")).isTrue();
  }

  @Test
  void takesBackAFlipThatIsSwappedInItsMiddle() {
    world.settle();
    swap("green", "blue");
    world.settle();
    world.now = world.now.plus(STABLE);
    world.look();
    world.pending.add("slow");
    assertThat(world.settle().phase()).isEqualTo(Phase.SHIFTING);
    swap("blue", "green");
    assertThat(world.settle().shares().isWholly("blue")).isTrue();
    world.pending.clear();
    assertThat(world.settle().phase()).isEqualTo(Phase.KEEPING);
  }

  private void flip() {
    world.settle();
    swap("green", "blue");
    world.settle();
    assertThat(world.after(STABLE).phase()).isEqualTo(Phase.KEEPING);
  }

  private void swap(String active, String standby) {
    world.section = Sections.blueGreen(active, standby);
  }

  @Test
  void looksAtTheGateAnewAfterAPauseAndInItsWholeTime() {
    world.settle();
    swap("green", "blue");
    world.settle();
    world.after(Duration.ofSeconds(5));
    world.ask(Verb.PAUSE);
    assertThat(world.after(Duration.ofMinutes(10)).phase()).isEqualTo(Phase.READYING);
    world.ask(Verb.RESUME);
    assertThat(world.after(STABLE.minusSeconds(1)).phase()).isEqualTo(Phase.READYING);
    assertThat(world.after(Duration.ofSeconds(1)).phase()).isEqualTo(Phase.KEEPING);
  }

  @Test
  void whoGoesOnWithItLooksAtTheGateForItself() {
    world.settle();
    swap("green", "blue");
    world.settle();
    world.after(Duration.ofSeconds(9));
    world.state = Optional.of(StateText.read(StateText.of(world.state())));
    assertThat(world.after(Duration.ofSeconds(9)).phase()).isEqualTo(Phase.READYING);
    assertThat(world.after(Duration.ofSeconds(1)).phase()).isEqualTo(Phase.KEEPING);
  }

  @Test
  void theWayBackNeedsNoGate() {
    flip();
    world.versions.put("blue", new Readiness(1, 5));
    swap("blue", "green");
    assertThat(world.settle().phase()).isEqualTo(Phase.KEEPING);
  }

  @Test
  void takenBackOnItsWayBackItIsCompleteOnceAllHaveIt() {
    flip();
    world.pending.addAll(List.of("p0", "p1", "p2"));
    world.ask(Verb.ABORT);
    swap("blue", "green");
    assertThat(world.settle().phase()).isEqualTo(Phase.READYING);
    world.ready("blue", 0);
    world.refused.put("p3", "no");
    assertThat(world.settle().shares().isWholly("blue")).as("nothing is tried").isTrue();
    world.ready("blue", 2);
    world.refused.clear();
    assertThat(world.settle().phase()).isEqualTo(Phase.READYING);
    world.pending.clear();
    assertThat(world.settle().phase()).isEqualTo(Phase.COMPLETE);
  }
}
