package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.rollout.analysis.Measured;
import dev.sluice.spec.Canary;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CanaryRollingTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final RolloutWorld world =
      new RolloutWorld(Sections.canary(1, 10, 50), Map.of("v1", 4, "v2", 4));

  @Test
  void goesThroughItsStepsAndThenAllTheWay() {
    assertThat(world.look().shares().of("v1")).isEqualTo(Shares.WHOLE);
    for (int i = 0; i < 4; i++) {
      world.after(Sections.HOLD);
    }
    assertThat(world.sharesOf("v2")).isEqualTo(List.of(0, 1, 10, 50, 100));
    assertThat(world.state().phase()).isEqualTo(Phase.COMPLETE);
  }

  @Test
  void holdsAStepForItsTimeFromTheLastAcknowledgementOn() {
    world.look();
    world.look();
    world.pending.add("slow");
    assertThat(world.after(Duration.ofSeconds(40)).phase()).isEqualTo(Phase.SHIFTING);
    world.pending.clear();
    assertThat(world.settle().phase()).isEqualTo(Phase.HOLDING);
    assertThat(world.after(Duration.ofSeconds(59)).reached()).isEqualTo(10_000);
    assertThat(world.after(SECOND).reached()).isEqualTo(100_000);
  }

  @Test
  void isNotReadyWhileItIsNotKnownWhatProxiesHave() {
    world.isServed = false;
    assertThat(world.after(Duration.ofHours(1)).phase()).isEqualTo(Phase.READYING);
    assertThat(world.state().words())
        .isEqualTo("it is not known yet what all proxies have; see the log");
    world.isServed = true;
    assertThat(world.settle().phase()).isEqualTo(Phase.HOLDING);
  }

  @Test
  void exceptsAProxyThatIsSilentForLongerThanItMayBeAndNamesIt() {
    world.look();
    world.pending.add("frozen");
    assertThat(world.after(Duration.ofSeconds(59)).phase()).isEqualTo(Phase.READYING);
    world.now = world.now.plus(SECOND);
    assertThat(world.look().phase()).isEqualTo(Phase.SHIFTING);
    assertThat(world.state().excepted()).containsExactly("frozen");
    world.pending.add("slow");
    assertThat(world.settle().phase()).isEqualTo(Phase.SHIFTING);
    world.pending.remove("slow");
    assertThat(world.settle().phase()).as("it waited for that one before").isEqualTo(Phase.HOLDING);
    assertThat(world.state().excepted()).containsExactly("frozen");
  }

  @Test
  void isPromotedWithoutThoseThatItWaitsFor() {
    world.section = Sections.waiting(Sections.canary(10, 50));
    world.settle();
    world.pending.add("frozen");
    assertThat(world.after(Sections.HOLD).phase()).isEqualTo(Phase.READYING);
    assertThat(world.ask(Verb.PROMOTE)).isInstanceOf(Asked.Done.class);
    assertThat(world.state().reached()).isEqualTo(500_000);
    assertThat(world.state().excepted()).containsExactly("frozen");
    assertThat(world.settle().phase()).as("this one waits for it").isEqualTo(Phase.SHIFTING);
  }

  @Test
  void waitsForAsManyInstancesAsTheShareNeeds() {
    world.ready("v1", 10);
    world.ready("v2", 1);
    world.settle();
    world.after(Sections.HOLD);
    assertThat(world.state().reached()).isEqualTo(100_000);
    world.after(Sections.HOLD);
    assertThat(world.state().phase()).isEqualTo(Phase.READYING);
    assertThat(world.state().words())
        .isEqualTo("the step to 50 % waits for instances of v2: 1 of 3 are ready");
    world.ready("v2", 3);
    assertThat(world.settle().reached()).isEqualTo(500_000);
  }

  @Test
  void countsTheWayBackAsDoneOnlyOnceEveryProxyHasIt() {
    world.settle();
    world.measured = new Measured.Failed("errors");
    world.look();
    world.pending.add("slow");
    assertThat(world.settle().phase()).isEqualTo(Phase.REVERTING);
    assertThat(world.state().words()).isEqualTo("errors");
    assertThat(world.words()).startsWith("errors; v1 100 %").contains(" is acknowledged by ");
    world.pending.clear();
    assertThat(world.settle().phase()).isEqualTo(Phase.REVERTED);
  }

  @Test
  void goesBackWhenAProxyRefusesAStep() {
    world.look();
    world.look();
    world.refused.put("web-1", "duplicate cluster");
    assertThat(world.look().phase()).isEqualTo(Phase.REVERTING);
    assertThat(world.state().words()).isEqualTo("web-1 refused it: duplicate cluster");
  }

  @Test
  void goesBackWhenTheNewVersionHasNoInstanceLeft() {
    world.settle();
    world.ready("v2", 0);
    assertThat(world.settle().phase()).isEqualTo(Phase.REVERTED);
    assertThat(world.state().words()).isEqualTo("v2 has no ready instance");
  }

  @Test
  void doesNotGoBackToAVersionWithoutInstances() {
    world.settle();
    world.ready("v1", 0);
    world.ready("v2", 0);
    assertThat(world.settle().reached()).isEqualTo(10_000);
    assertThat(world.state().words())
        .isEqualTo("v2 has no ready instance; it cannot go back, for v1 has no ready instance");
    world.ready("v1", 1);
    assertThat(world.settle().phase()).isEqualTo(Phase.REVERTED);
  }

  @Test
  void waitsForApprovalWhereAStepNeedsOne() {
    world.section =
        Sections.canary("v1", "v2", Canary.Approve.MANUAL, Canary.OnFailure.ROLLBACK, 1, 10);
    world.settle();
    assertThat(world.after(Duration.ofHours(1)).phase()).isEqualTo(Phase.APPROVING);
    world.ask(Verb.PROMOTE);
    assertThat(world.settle().reached()).isEqualTo(100_000);
  }

  @Test
  void stopsWherePausedAndGoesOnWhenResumed() {
    world.settle();
    world.ask(Verb.PAUSE);
    assertThat(world.after(Duration.ofHours(1)).reached()).isEqualTo(10_000);
    world.ask(Verb.RESUME);
    assertThat(world.settle().reached()).isEqualTo(100_000);
  }

  @Test
  void givesAllBackWhenAbortedAndBeginsAnewWhenResumed() {
    world.settle();
    world.after(Sections.HOLD);
    world.ask(Verb.ABORT);
    assertThat(world.settle().phase()).isEqualTo(Phase.REVERTED);
    assertThat(world.state().words()).isEqualTo("aborted by anna");
    world.ask(Verb.RESUME);
    assertThat(world.settle().reached()).isEqualTo(10_000);
  }

  @Test
  void isPromotedWithoutThoseThatHaveBeenSilentForLong() {
    world.section = Sections.waiting(Sections.canary(10, 50));
    world.settle();
    world.pending.add("frozen");
    world.after(Sections.HOLD);
    world.ask(Verb.PROMOTE);
    world.settle();
    assertThat(world.ask(Verb.PROMOTE))
        .isEqualTo(
            new Asked.Refused(
                "proxies are acknowledging v1 50 %, v2 50 %, and not yet frozen; try again then, or"
                    + " once those have been silent for 60s, to go on without them"));
    assertThat(world.after(Duration.ofMinutes(1)).phase()).isEqualTo(Phase.SHIFTING);
    assertThat(world.ask(Verb.PROMOTE)).isInstanceOf(Asked.Done.class);
    assertThat(world.state().phase()).isEqualTo(Phase.HOLDING);
    assertThat(world.state().excepted()).containsExactly("frozen");
  }

  @Test
  void keepsWhatIsServedWhereTheOldVersionIsSaidToBeOneThatIsNot() {
    world.ready("v3", 4);
    world.settle();
    world.section = Sections.canary("v2", "v3", Canary.Approve.AUTO, Canary.OnFailure.ROLLBACK, 20);
    assertThat(world.settle().phase()).isEqualTo(Phase.BLOCKED);
    assertThat(world.state().shares().of("v1")).isEqualTo(990_000);
    assertThat(world.state().words())
        .startsWith("v1 has most of the traffic (v1 99 %, v2 1 %), so it cannot go from v2 to v3");
    world.section = Sections.canary(1, 10);
    assertThat(world.settle().phase()).isEqualTo(Phase.HOLDING);
  }

  @Test
  void turnsRoundWhereItsVersionsAreSwapped() {
    world.settle();
    world.after(Sections.HOLD);
    world.section = Sections.canary("v2", "v1", Canary.Approve.AUTO, Canary.OnFailure.ROLLBACK, 50);
    world.settle();
    assertThat(world.state().phase()).isEqualTo(Phase.COMPLETE);
    assertThat(world.sharesOf("v1")).isEqualTo(List.of(100, 99, 90, 100));
  }

  @Test
  void countsAsDoneWhereOnlyTheNewVersionHasInstances() {
    world.ready("v1", 0);
    assertThat(world.look().phase()).isEqualTo(Phase.COMPLETE);
    assertThat(world.state().shares().isWholly("v2")).isTrue();
  }

  @Test
  void holdsAFirstStepOfNothingToo() {
    world.section =
        Sections.canary("v1", "v2", Canary.Approve.MANUAL, Canary.OnFailure.ROLLBACK, 0, 10);
    world.settle();
    assertThat(world.after(Duration.ofHours(1)).phase()).isEqualTo(Phase.APPROVING);
    assertThat(world.state().reached()).isZero();
    world.ask(Verb.PROMOTE);
    assertThat(world.settle().reached()).isEqualTo(100_000);
  }

  @Test
  void waitsForProxiesThatAreLateForAMomentHoweverLongItWaitedForInstances() {
    world.ready("v2", 0);
    world.after(Duration.ofMinutes(3));
    world.ready("v2", 4);
    world.pending.addAll(List.of("p0", "p1"));
    assertThat(world.settle().phase()).isEqualTo(Phase.READYING);
    assertThat(world.after(Duration.ofSeconds(59)).phase()).isEqualTo(Phase.READYING);
    assertThat(world.after(SECOND).excepted()).containsExactly("p0", "p1");
  }

  @Test
  void exceptsNobodyWhereNobodyHasIt() {
    world.pending.addAll(List.of("p0", "p1", "p2"));
    assertThat(world.after(Duration.ofHours(1)).phase()).isEqualTo(Phase.READYING);
    world.pending.remove("p0");
    assertThat(world.settle().excepted()).containsExactly("p1", "p2");
  }

  @Test
  void goesBackWhenTheNewVersionIsGoneWhileTheNextStepWaits() {
    world.section = Sections.canary(10, 90);
    world.ready("v1", 10);
    world.settle();
    world.ready("v2", 1);
    assertThat(world.after(Sections.HOLD).phase()).isEqualTo(Phase.READYING);
    world.ready("v2", 0);
    assertThat(world.settle().phase()).isEqualTo(Phase.REVERTED);
  }

  @Test
  void aFirstStepOfNothingWaitsForApprovalAlsoWithoutInstances() {
    world.section =
        Sections.canary("v1", "v2", Canary.Approve.MANUAL, Canary.OnFailure.ROLLBACK, 0, 10);
    world.ready("v2", 0);
    world.settle();
    assertThat(world.after(Sections.HOLD).phase()).isEqualTo(Phase.APPROVING);
  }

  @Test
  void aDipOfTheOldVersionDoesNotHaveOneInstanceCarryItsShare() {
    world.section = Sections.canary(50);
    world.ready("v1", 2, 10);
    world.ready("v2", 1);
    world.settle();
    assertThat(world.state().words())
        .isEqualTo("the step to 50 % waits for instances of v2: 1 of 3 are ready");
  }

  @Test
  void saysThatTooFewInstancesAreLeftForAShare() {
    world.section = Sections.canary(50, 60);
    world.ready("v1", 10);
    world.ready("v2", 10);
    world.settle();
    world.ready("v2", 1);
    assertThat(world.settle().words())
        .isEqualTo("1 of the 3 instances of v2 that its share needs are ready");
    world.ready("v2", 3);
    assertThat(world.settle().words()).isEmpty();
  }

  @Test
  void theWayBackEndsWithoutAProxyThatRefusesItAndCannotBePaused() {
    world.settle();
    world.refused.put("p0", "no");
    world.ask(Verb.ABORT);
    assertThat(world.ask(Verb.PAUSE)).isInstanceOf(Asked.Refused.class);
    assertThat(world.after(Duration.ofSeconds(59)).phase()).isEqualTo(Phase.REVERTING);
    world.after(SECOND);
    assertThat(world.state().phase()).isEqualTo(Phase.REVERTED);
    assertThat(world.state().excepted()).containsExactly("p0");
  }

  @Test
  void theWayBackDoesNotWaitForEverForWhoRefusesItAndForWhoIsNotGivenIt() {
    world.section = Sections.waiting(world.section);
    world.settle();
    world.refused.put("p0", "no");
    world.hold("p1");
    world.ask(Verb.ABORT);
    assertThat(world.after(Duration.ofSeconds(59)).phase()).isEqualTo(Phase.REVERTING);
    assertThat(world.after(SECOND).phase()).isEqualTo(Phase.REVERTED);
    assertThat(world.state().excepted()).containsExactly("p0", "p1");
  }

  @Test
  void theWayBackWaitsForWhoIsGivenItThoughOthersRefuse() {
    world.section = Sections.waiting(world.section);
    world.settle();
    world.refused.put("p0", "no");
    world.pending.add("p1");
    world.ask(Verb.ABORT);
    assertThat(world.after(Duration.ofHours(1)).phase()).isEqualTo(Phase.REVERTING);
  }

  @Test
  void anAbortBeforeTheFirstStepCountsOnceEveryProxyHasWhatIsInForce() {
    world.look();
    world.pending.add("slow");
    assertThat(world.ask(Verb.ABORT)).isInstanceOf(Asked.Done.class);
    assertThat(world.settle().phase()).isEqualTo(Phase.REVERTING);
    world.pending.clear();
    assertThat(world.settle().phase()).isEqualTo(Phase.REVERTED);
  }

  @Test
  void isPromotedAlsoWhereItIsNotKnownWhatProxiesHaveButNotOverARefusal() {
    world.settle();
    world.isServed = false;
    assertThat(world.after(Sections.HOLD).phase()).isEqualTo(Phase.READYING);
    world.isServed = true;
    world.refused.put("p0", "no");
    assertThat(world.ask(Verb.PROMOTE))
        .isInstanceOfSatisfying(
            Asked.Refused.class, it -> assertThat(it.why()).contains("p0 refused it: no"));
    world.isServed = false;
    assertThat(world.ask(Verb.PROMOTE)).isInstanceOf(Asked.Done.class);
    assertThat(world.state().reached()).isEqualTo(100_000);
  }

  @Test
  void aPauseWhileProxiesAreAcknowledgingEndsByPromote() {
    world.settle();
    world.after(Sections.HOLD.minusSeconds(1));
    world.pending.add("slow");
    world.after(SECOND);
    world.pending.clear();
    world.look();
    world.pending.add("slow");
    world.ask(Verb.PAUSE);
    assertThat(world.state().phase()).isEqualTo(Phase.SHIFTING);
    assertThat(world.ask(Verb.PROMOTE)).isInstanceOf(Asked.Done.class);
    assertThat(world.state().pause()).isEmpty();
  }
}
