package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.EffectiveSplit.ByCluster;
import dev.sluice.server.diff.LiveState;
import dev.sluice.server.overrides.RefusedException;
import dev.sluice.server.rollback.RollbackRequest;
import dev.sluice.server.rollback.Rollbacks;
import dev.sluice.source.SourceEntry.OfDocumentKey;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rollouts of policies that are not in force as they are told, or have no effect. */
class EditionsTest {
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");
  private static final DocumentKey OTHER = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "zorders");
  private static final Map<String, Integer> HALF = Map.of("v1", 1, "v2", 1);
  private static final String PLAIN =
      LiveState.ROLLOUT.substring(0, LiveState.ROLLOUT.indexOf("  rollout:"));
  private static final String SPLIT = PLAIN + "  split: {weights: {v1: 1, v2: 0}}\n";

  private final LiveState live = new LiveState();
  private final MemoryStates store = new MemoryStates();
  private final Rollbacks rollbacks = live.rollbacks();
  private final Rollouts rollouts =
      new Rollouts(live.rolloutFacts(), List.of(store), () -> live.now);

  @BeforeEach
  void connect() {
    live.sidecars("web", 1); // It asks for nothing yet.
  }

  private void go(int minutes) {
    for (int i = 0; i < minutes; i++) {
      rollouts.look();
      live.now = live.now.plus(Duration.ofMinutes(1));
      rollouts.look();
    }
  }

  private Map<String, Integer> inForce() {
    return live.pipeline.index().policies(new ServiceId("orders", "shop")).stream()
        .map(policy -> policy.split())
        .filter(ByCluster.class::isInstance)
        .map(ByCluster.class::cast)
        .map(ByCluster::weights)
        .findFirst()
        .orElseThrow();
  }

  private void rollBack(long revision) {
    rollbacks.roll(
        new RollbackRequest(
            revision, new TreeSet<>(), Duration.ofHours(1), "it is bad", "me", "here"));
  }

  private Standing only() {
    assertThat(rollouts.standing()).hasSize(1);
    return rollouts.standing().getFirst();
  }

  private Hindrance.Kind kind() {
    return only().hindrance().orElseThrow().kind();
  }

  @Test
  void aRollbackLeavesWhatIsKeptAndItGoesOnFromThereOnceItIsLifted() {
    live.tell("orders.yaml", SPLIT);
    long before = live.history.last();
    live.tell("orders.yaml", LiveState.ROLLOUT);
    go(1);
    assertThat(inForce()).isEqualTo(HALF);
    Map<DocumentKey, RolloutState> kept = Map.copyOf(store.read());

    rollBack(before);
    go(3);

    assertThat(inForce()).isEqualTo(Map.of("v1", 1, "v2", 0));
    assertThat(store.read()).isEqualTo(kept);
    assertThat(kind()).isEqualTo(Hindrance.Kind.ROLLBACK);
    assertThat(only().words())
        .startsWith("waits for the end of the rollback to revision " + before)
        .endsWith("; it is kept at v1 50 %, v2 50 %");
    assertThatThrownBy(() -> rollouts.ask(ORDERS, Verb.ABORT, "me"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("rollback --lift");

    rollbacks.lift("here");
    go(1);
    assertThat(inForce()).isEqualTo(HALF);
    assertThat(store.read()).isEqualTo(kept);
    assertThat(only().state().phase()).isEqualTo(Phase.APPROVING);
    rollouts.ask(ORDERS, Verb.PROMOTE, "me");
    go(1);
    assertThat(only().state().phase()).isEqualTo(Phase.COMPLETE);
  }

  @Test
  void aRollbackToAnotherTargetOfTheRolloutMovesNothing() {
    live.tell(
        "orders.yaml",
        LiveState.ROLLOUT.replace("from: v1", "from: v2").replace("to: v2", "to: v1"));
    long before = live.history.last();
    live.tell("orders.yaml", LiveState.ROLLOUT);
    go(1);
    Map<DocumentKey, RolloutState> kept = Map.copyOf(store.read());

    rollBack(before);
    go(3);

    assertThat(store.read()).isEqualTo(kept);
    assertThat(inForce()).isEqualTo(HALF);
  }

  @Test
  void aRollbackToAnEditionThatSaysTheSameDoesNotHinder() {
    live.tell("orders.yaml", LiveState.ROLLOUT);
    go(1);
    rollBack(live.history.last());
    rollouts.ask(ORDERS, Verb.PROMOTE, "me");
    go(1);
    assertThat(only().state().phase()).isEqualTo(Phase.COMPLETE);
  }

  @Test
  void whatIsToldWithoutARolloutDuringARollbackIsForgottenAfterIt() {
    live.tell("orders.yaml", LiveState.ROLLOUT);
    go(1);
    long then = live.history.last();
    live.tell("orders.yaml", SPLIT);
    rollBack(then);
    go(1);
    assertThat(kind()).isEqualTo(Hindrance.Kind.ROLLBACK);
    rollbacks.lift("here");
    go(1);
    assertThat(store.read()).isEmpty();
    assertThat(rollouts.standing()).isEmpty();
  }

  private void tellBoth() {
    live.tell("orders.yaml", LiveState.ROLLOUT);
    String policy = LiveState.ROLLOUT.substring(LiveState.ROLLOUT.indexOf("---") + 4);
    live.tell("z.yaml", policy.replace("{name: orders,", "{name: zorders,"));
  }

  private Standing other() {
    return rollouts.standing().stream()
        .filter(it -> it.policy().equals(OTHER))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aPolicyThatConflictsIsNotCarriedOutAndBeginsAtTheBeginningOnceItHolds() {
    tellBoth();
    go(5);

    assertThat(store.read()).containsOnlyKeys(ORDERS);
    assertThat(other().state().phase()).isEqualTo(Phase.BLOCKED);
    assertThat(other().words()).startsWith("the policy is not applied (Conflicted): z.yaml:");
    assertThat(other().hindrance().orElseThrow().kind().isLasting()).isTrue();
    assertThat(Telling.condition(Optional.empty(), other().hindrance()).orElseThrow().reason())
        .isEqualTo("Blocked");

    live.apply(List.of(new Remove(new OfDocumentKey(ORDERS))));
    assertThat(inForce()).isEqualTo(Map.of("v1", 1, "v2", 0));
    rollouts.look();
    assertThat(store.read()).containsOnlyKeys(OTHER);
    assertThat(only().hindrance()).isEmpty();
    assertThat(inForce()).isEqualTo(Map.of("v1", 9, "v2", 1));
  }

  @Test
  void aPolicyThatLosesToAnotherOnItsWayStaysWhereItIs() {
    String policy = LiveState.ROLLOUT.substring(LiveState.ROLLOUT.indexOf("---") + 4);
    live.tell("z.yaml", LiveState.ROLLOUT.substring(0, LiveState.ROLLOUT.indexOf("---")));
    live.tell("z.yaml", policy.replace("{name: orders,", "{name: zorders,"));
    go(1);
    RolloutState kept = store.read().get(OTHER);
    live.tell("orders.yaml", SPLIT);
    go(5);
    assertThat(store.read()).containsEntry(OTHER, kept);
    assertThat(kind()).isEqualTo(Hindrance.Kind.REJECTED);
  }

  @Test
  void theEditionInForceIsLookedAfterWhileTheNewestNamesAPortThatIsNotThere() {
    live.tell("orders.yaml", LiveState.ROLLOUT);
    go(1);
    assertThat(inForce()).isEqualTo(HALF);

    live.tell(
        "orders.yaml",
        LiveState.ROLLOUT.replace("{service: orders}", "{service: orders, port: 9999}"));
    assertThat(only().aside()).isPresent();
    assertThat(only().hindrance()).isEmpty();
    assertThat(only().facts().versions()).containsOnlyKeys("v1", "v2");

    rollouts.ask(ORDERS, Verb.ABORT, "me");
    go(1);
    assertThat(only().state().phase()).isEqualTo(Phase.REVERTED);
    assertThat(inForce()).isEqualTo(Map.of("v1", 1, "v2", 0));
  }

  @Test
  void theEditionInForceStepsAndGoesBackWhileTheNewestIsSetAside() {
    live.tell(
        "a.yaml",
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: aorders, namespace: shop}
        spec: {target: {service: orders}, timeouts: {request: 5s}}
        """);
    live.tell("orders.yaml", LiveState.ROLLOUT);
    rollouts.look();
    assertThat(inForce()).isEqualTo(Map.of("v1", 9, "v2", 1));

    live.tell("orders.yaml", LiveState.ROLLOUT + "  timeouts: {request: 7s}\n");
    assertThat(only().aside()).isPresent();
    go(1);
    assertThat(inForce()).isEqualTo(HALF);

    rollouts.ask(ORDERS, Verb.ABORT, "me");
    assertThat(inForce()).isEqualTo(Map.of("v1", 1, "v2", 0));
    assertThat(only().aside()).as("it is still set aside").isPresent();

    live.tell("orders.yaml", LiveState.ROLLOUT);
    assertThat(inForce()).isEqualTo(Map.of("v1", 1, "v2", 0));
    assertThat(only().aside()).isEmpty();
  }
}
