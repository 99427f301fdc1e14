package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.server.diff.LiveState;
import dev.sluice.server.overrides.RefusedException;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * For how long it is told that a state cannot be kept: two replicas, and a place that goes away.
 */
class UnkeptTest {
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");

  private final SharedPlace place = new SharedPlace();
  private final Replica one = new Replica("one", place);
  private final Replica two = new Replica("two", place);

  @BeforeEach
  void start() {
    one.leads = true;
    one.others = Optional.of(List.of());
    two.others = Optional.empty();
    one.tell(LiveState.ROLLOUT);
    two.tell(LiveState.ROLLOUT);
    look();
    assertThat(one.phase()).isEqualTo(Phase.HOLDING);
  }

  private void look() {
    for (int i = 0; i < 3; i++) {
      one.look();
      two.look();
    }
  }

  /** Its step is over, and that cannot be kept. */
  private void fail() {
    place.failing = true;
    one.live.now = one.live.now.plus(Duration.ofMinutes(1));
    one.look();
    assertThat(hindrance(one)).contains(Hindrance.Kind.UNKEPT);
  }

  private static Optional<Hindrance.Kind> hindrance(Replica replica) {
    return replica.standing().hindrance().map(Hindrance::kind);
  }

  @Test
  void itIsToldWhileTheLeaderCannotReadItEither() {
    fail();
    one.look();
    assertThat(hindrance(one)).contains(Hindrance.Kind.UNKEPT);
    place.failing = false;
    look();
    assertThat(hindrance(one)).isEmpty();
    assertThat(one.phase()).isEqualTo(Phase.APPROVING);
  }

  @Test
  void whoLeadsNoMoreTellsItNoMore() {
    fail();
    place.failing = false;
    one.leads = false;
    one.others = Optional.empty();
    two.leads = true;
    two.others = Optional.of(List.of());
    two.live.now = one.live.now;
    look();
    assertThat(two.phase()).isEqualTo(Phase.APPROVING);
    assertThat(one.phase()).isEqualTo(Phase.APPROVING);
    assertThat(hindrance(one)).isEmpty();
  }

  @Test
  void whoAskedInVainWasToldAndNothingWaitsForIt() {
    place.failing = true;
    assertThatThrownBy(() -> two.rollouts.ask(ORDERS, Verb.PAUSE, "anna"))
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith("it cannot be kept");
    assertThat(hindrance(two)).isEmpty();
  }

  @Test
  void whatHasNothingToBeKeptByNowIsNotHinderedAnyMore() {
    fail();
    one.live.now = one.live.now.minus(Duration.ofMinutes(1)); // Its step is not over after all.
    place.failing = false;
    one.look();
    assertThat(one.phase()).isEqualTo(Phase.HOLDING);
    assertThat(hindrance(one)).isEmpty();
  }
}
