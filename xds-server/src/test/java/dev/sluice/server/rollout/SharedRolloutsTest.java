package dev.sluice.server.rollout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.server.conditions.Condition.Holds;
import dev.sluice.server.diff.LiveState;
import dev.sluice.server.overrides.RefusedException;
import dev.sluice.source.SourceEntry.OfDocumentKey;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas that know of one rollout, of which one carries it out. */
class SharedRolloutsTest {
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");
  private static final Map<String, Integer> TENTH = Map.of("v1", 9, "v2", 1);
  private static final Map<String, Integer> HALF = Map.of("v1", 1, "v2", 1);
  private static final String PLAIN =
      LiveState.ROLLOUT.substring(0, LiveState.ROLLOUT.indexOf("  rollout:"));
  private static final long LATE = Duration.ofSeconds(11).toNanos();

  private final SharedPlace place = new SharedPlace();
  private final Replica one = new Replica("one", place);
  private final Replica two = new Replica("two", place);

  @BeforeEach
  void start() {
    one.leads = true;
    one.others = Optional.of(List.of(two));
    two.others = Optional.empty();
    one.tell(LiveState.ROLLOUT);
    two.tell(LiveState.ROLLOUT);
  }

  /** Both look in turn, until nothing more happens at this moment. */
  private void settle() {
    for (int i = 0; i < 10; i++) {
      one.look();
      two.look();
    }
  }

  private void pass(Duration time) {
    one.live.now = one.live.now.plus(time);
    two.live.now = two.live.now.plus(time);
    settle();
  }

  private RolloutState kept() {
    return StateText.read(text());
  }

  private String text() {
    return place.texts.getOrDefault(ORDERS, "");
  }

  @Test
  void whatTheLeaderKeepsIsInForceAtBothAndTheOtherOneWritesNothing() {
    two.look();
    assertThat(place.texts).isEmpty();
    settle();
    assertThat(kept().phase()).isEqualTo(Phase.HOLDING);
    assertThat(one.inForce()).isEqualTo(TENTH);
    assertThat(two.inForce()).isEqualTo(TENTH);
    assertThat(requireNonNull(two.tallies.get(ORDERS)).serial()).isEqualTo(kept().serial());
    assertThat(two.announced).isEmpty();
    assertThat(one.announced).containsExactly("Readying", "Shifting", "Holding");
    pass(Duration.ofMinutes(1));
    assertThat(two.phase()).isEqualTo(Phase.APPROVING);
    assertThat(two.inForce()).isEqualTo(HALF);
    assertThat(requireNonNull(one.conditions.get(ORDERS)).holds()).isEqualTo(Holds.TRUE);
    assertThat(requireNonNull(one.conditions.get(ORDERS)).reason()).isEqualTo("Approving");
  }

  @Test
  void aStepWaitsForAReplicaThatHasNotToldOfTheStateThatIsKept() {
    one.look();
    one.look();
    assertThat(kept().phase()).isEqualTo(Phase.READYING);
    assertThat(one.standing().facts().confirmation().orElseThrow().pending())
        .containsExactly("replica two");
    two.look();
    one.look();
    assertThat(kept().phase()).isEqualTo(Phase.SHIFTING);
    one.look();
    assertThat(kept().phase()).as("two has told of the state before").isEqualTo(Phase.SHIFTING);
    two.look();
    one.look();
    assertThat(kept().phase()).isEqualTo(Phase.HOLDING);
  }

  @Test
  void nothingMovesWhileItIsNotKnownWhoThereIs() {
    one.others = Optional.empty();
    settle();
    assertThat(kept().phase()).isEqualTo(Phase.READYING);
    assertThat(one.standing().state().words()).contains("what all proxies have");
  }

  @Test
  void theNextLeaderGoesOnFromWhatIsKeptThoughItsWatchIsLate() {
    settle();
    two.view.freeze();
    one.live.now = one.live.now.plus(Duration.ofMinutes(1));
    one.look(); // READYING is kept, and then one is killed.
    assertThat(kept().phase()).isEqualTo(Phase.READYING);
    long serial = kept().serial();
    two.leads = true;
    two.others = Optional.of(List.of());
    two.look();
    assertThat(kept().serial()).isGreaterThan(serial);
    assertThat(kept().shares().of("v2")).isEqualTo(500_000);
    assertThat(two.inForce()).isEqualTo(HALF);
  }

  @Test
  void aLeaderThatCannotReadWhatIsKeptWaits() {
    settle();
    two.leads = true;
    two.others = Optional.of(List.of());
    two.live.now = two.live.now.plus(Duration.ofMinutes(1));
    place.failing = true;
    two.look();
    assertThat(two.phase()).isEqualTo(Phase.HOLDING);
    place.failing = false;
    two.look();
    assertThat(two.phase()).isEqualTo(Phase.APPROVING);
  }

  @Test
  void whoDoesNotKnowThatItLeadsNoMoreWritesNothingOverWhatTheNextOneKept() {
    settle();
    one.view.freeze();
    two.leads = true;
    two.others = Optional.of(List.of());
    two.live.now = two.live.now.plus(Duration.ofMinutes(1));
    two.look();
    RolloutState its = kept();
    assertThat(its.phase()).isEqualTo(Phase.APPROVING);

    one.live.now = one.live.now.plus(Duration.ofMinutes(2));
    one.others = Optional.of(List.of());
    one.look();
    assertThat(kept()).isEqualTo(its);
    one.look();
    assertThat(one.phase()).as("it has read it").isEqualTo(Phase.APPROVING);
    assertThat(one.inForce()).isEqualTo(HALF);
    assertThat(kept()).isEqualTo(its);
  }

  @Test
  void aWriteThatComesBetweenIsNotWrittenOver() {
    settle();
    place.before =
        () -> {
          RolloutState paused =
              kept().paused(Optional.of(new RolloutState.Pause(one.live.now, "by somebody")));
          place.texts.put(ORDERS, StateText.of(paused.numbered(kept().serial() + 1)));
        };
    pass(Duration.ofMinutes(1));
    assertThat(kept().phase()).isEqualTo(Phase.HOLDING);
    assertThat(one.standing().state().pause()).isPresent();
    assertThat(two.standing().state().pause()).isPresent();
  }

  @Test
  void whatIsAskedOfTheOtherOneIsTakenUpByTheLeader() {
    settle();
    two.rollouts.ask(ORDERS, Verb.PROMOTE, "somebody");
    assertThat(kept().phase()).isEqualTo(Phase.READYING);
    settle();
    assertThat(kept().phase()).isEqualTo(Phase.APPROVING);
    assertThat(one.inForce()).isEqualTo(HALF);
    assertThat(one.announced).contains("Readying", "Approving");
  }

  @Test
  void aFollowerWhoseWatchIsLateTakesNothingBackThatWasAskedOfIt() {
    settle();
    two.view.freeze();
    two.rollouts.ask(ORDERS, Verb.ABORT, "somebody");
    Map<String, Integer> back = Map.of("v1", 1, "v2", 0);
    for (int i = 0; i < 5; i++) {
      two.nanos += LATE;
      settle();
      assertThat(two.inForce()).isEqualTo(back).isEqualTo(one.inForce());
    }
    place.failing = true;
    two.nanos += LATE;
    settle();
    assertThat(two.inForce()).isEqualTo(back);
  }

  @Test
  void aFollowerTakesALowerNumberThatItHasRead() {
    settle();
    place.texts.put(ORDERS, StateText.of(kept().numbered(1).in(Phase.REVERTED, one.live.now, "")));
    two.nanos += LATE;
    two.look();
    two.look();
    assertThat(two.phase()).isEqualTo(Phase.REVERTED);
  }

  @Test
  void whatIsAskedTwiceAtOnceIsDoneOnce() {
    settle();
    two.view.freeze();
    one.rollouts.ask(ORDERS, Verb.PROMOTE, "somebody");
    RolloutState its = kept();
    assertThatThrownBy(() -> two.rollouts.ask(ORDERS, Verb.PROMOTE, "somebody else"))
        .isInstanceOf(RefusedException.class);
    assertThat(kept()).isEqualTo(its);
  }

  @Test
  void whatSomebodyTookAwayIsKeptAgainAndNobodyForgetsIt() {
    settle();
    RolloutState before = kept();
    place.texts.clear();
    settle();
    assertThat(two.inForce()).isEqualTo(TENTH);
    one.nanos += LATE;
    settle();
    assertThat(kept()).isEqualTo(before);
  }

  @Test
  void whoHasCeasedToLeadInTheMiddleOfAWriteKeepsNothingWhereNothingStands() {
    settle();
    place.texts.clear();
    int writes = place.writes;
    boolean[] asked = {false};
    place.before =
        () -> {
          asked[0] = true;
          one.leads = false;
        };
    one.nanos += LATE;
    one.look();
    one.look();
    assertThat(asked[0]).isTrue();
    assertThat(place.writes).isEqualTo(writes);
    assertThat(place.texts).isEmpty();
  }

  @Test
  void itIsForgottenWithTheRolloutAndKeptWhileThePolicyIsWrong() {
    settle();
    one.stands = true;
    two.stands = true;
    one.live.apply(List.of(new Remove(new OfDocumentKey(ORDERS))));
    two.live.apply(List.of(new Remove(new OfDocumentKey(ORDERS))));
    settle();
    assertThat(kept().phase()).as("of one that is wrong").isEqualTo(Phase.HOLDING);
    one.tell(LiveState.ROLLOUT);
    two.tell(LiveState.ROLLOUT);
    settle();
    assertThat(one.inForce()).isEqualTo(TENTH);

    one.tell(PLAIN);
    two.tell(PLAIN);
    settle();
    assertThat(place.texts).isEmpty();
  }

  @Test
  void whatTheLeaderDidNotLiveToForgetTheNextOneForgets() {
    settle();
    two.tell(PLAIN);
    two.look();
    two.leads = true;
    two.look();
    assertThat(place.texts).isEmpty();
  }

  @Test
  void aPlaceThatIsAwayIsAskedOnceInALookAndNotForEachRollout() {
    one.live.tell("users.yaml", LiveState.ROLLOUT.replace("orders", "users"));
    two.live.tell("users.yaml", LiveState.ROLLOUT.replace("orders", "users"));
    settle();
    assertThat(place.texts).hasSize(2);
    one.live.now = one.live.now.plus(Duration.ofMinutes(1));
    place.failing = true;
    int asked = place.asked;
    one.look();
    assertThat(place.asked - asked).isEqualTo(1);
    place.failing = false;
    settle();
    assertThat(kept().phase()).isEqualTo(Phase.APPROVING);
  }

  @Test
  void nobodyWaitsForAPlaceThatDoesNotAnswerToSeeHowRolloutsStand() throws Exception {
    settle();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    place.before =
        () -> {
          begun.countDown();
          try {
            assertThat(end.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    one.live.now = one.live.now.plus(Duration.ofMinutes(1));
    CompletableFuture<Void> look = CompletableFuture.runAsync(one::look);
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(one.phase()).isEqualTo(Phase.HOLDING);
    assertThatThrownBy(() -> one.rollouts.ask(ORDERS, Verb.PAUSE, "somebody"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("nothing was done");

    end.countDown();
    look.get(20, TimeUnit.SECONDS);
    assertThat(one.phase()).isNotEqualTo(Phase.HOLDING);
  }

  @Test
  void whatCannotBeReadStaysAsItIsAndMovesNothing() {
    settle();
    String newer = text().replace("HOLDING", "LEVITATING");
    place.texts.put(ORDERS, newer);
    pass(Duration.ofHours(1));
    one.nanos += LATE;
    pass(Duration.ofHours(1));
    assertThat(place.texts).containsEntry(ORDERS, newer);
    assertThat(one.inForce()).isEqualTo(TENTH);
  }

  @Test
  void oneThatCannotBeReadKeepsNoOtherFromGoingOn() {
    DocumentKey billing = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "billing");
    String other = LiveState.ROLLOUT.replace("orders", "billing");
    one.live.tell("billing.yaml", other);
    two.live.tell("billing.yaml", other);
    settle();
    String newer = text().replace("HOLDING", "LEVITATING");
    place.texts.put(ORDERS, newer);
    one.nanos += LATE;
    pass(Duration.ofMinutes(1));
    one.nanos += LATE;
    pass(Duration.ofMinutes(1));

    assertThat(place.texts).containsEntry(ORDERS, newer);
    assertThat(StateText.read(place.texts.getOrDefault(billing, "")).phase())
        .isEqualTo(Phase.APPROVING);
  }

  @Test
  void whatWasKeptInTheServersOwnFolderMovesToWhereAllSeeIt() {
    one.shares = false;
    for (int i = 0; i < 10; i++) {
      one.look();
    }
    assertThat(one.own.known().orElseThrow()).containsKey(ORDERS);
    assertThat(place.texts).isEmpty();
    one.shares = true;
    settle();
    assertThat(one.own.known().orElseThrow()).isEmpty();
    assertThat(kept().phase()).isEqualTo(Phase.HOLDING);
    assertThat(two.inForce()).isEqualTo(TENTH);
  }

  @Test
  void aReplicaThatStartsPutsInForceWhatIsKeptBeforeItReadsThePolicy() {
    settle();
    Replica three = new Replica("three", place);
    three.rollouts.resume(three.store);
    three.tell(LiveState.ROLLOUT);
    assertThat(three.inForce()).isEqualTo(TENTH);
    assertThat(three.live.store.revisions()).hasSize(1);
  }
}
