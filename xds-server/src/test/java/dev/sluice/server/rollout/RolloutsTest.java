package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.conditions.KeptTexts.Writer;
import dev.sluice.server.diff.LiveState;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rollouts beside a pipeline; no proxy is connected, so that nothing waits for one. */
class RolloutsTest {
  private final LiveState live = new LiveState();
  private final MemoryStates store = new MemoryStates();
  private Rollouts rollouts = rollouts();

  private Rollouts rollouts() {
    return new Rollouts(
        new RolloutFacts(
            live.pipeline,
            Runnable::run,
            () -> live.proxies,
            live.store::current,
            RolloutMetrics.NONE),
        List.of(store),
        () -> live.now);
  }

  private void tell(String... services) {
    live.sidecars("web", 0);
    for (String service : services) {
      live.tell(service + ".yaml", LiveState.ROLLOUT.replace("orders", service));
    }
  }

  private List<Integer> shares() {
    return rollouts.standing().stream().map(it -> it.state().shares().of("v2") / 10_000).toList();
  }

  private List<String> revisions() {
    return live.history.revisions().stream().map(Revision::cause).toList();
  }

  @Test
  void manyThatTakeAStepAtTheSameTimeAreOneChange() {
    tell("orders", "billing", "stock", "users");
    int before = revisions().size();

    rollouts.look();

    assertThat(shares()).containsExactly(10, 10, 10, 10);
    assertThat(revisions().size() - before).as("%s", revisions()).isLessThanOrEqualTo(2);
    assertThat(revisions())
        .contains(
            "rollout TrafficPolicy shop/billing, TrafficPolicy shop/orders, TrafficPolicy shop/stock"
                + " and 1 more");

    live.now = live.now.plus(Duration.ofMinutes(1));
    rollouts.look();
    assertThat(shares()).containsExactly(50, 50, 50, 50);
  }

  @Test
  void aServerThatGoesOnServesWhatWasKept() {
    tell("orders");
    rollouts.look();
    rollouts = rollouts();
    rollouts.resume(store);

    assertThat(shares()).containsExactly(10);
    rollouts.look();
    assertThat(shares()).containsExactly(10);
  }

  @Test
  void whoIsNotBackAfterARestartDoesNotCountAsHavingAcknowledged() {
    tell("orders");
    live.proxies.clear();
    rollouts.look();
    store
        .read()
        .forEach(
            (policy, state) -> {
              RolloutState shifting = state.in(Phase.SHIFTING, live.now, "");
              store.write(policy, Optional.of(state), shifting, Writer.LEADER);
            });
    rollouts = rollouts();
    rollouts.resume(store);

    rollouts.look();
    live.now = live.now.plus(Duration.ofSeconds(29));
    rollouts.look();
    assertThat(phases()).containsExactly(Phase.SHIFTING);

    live.now = live.now.plus(Duration.ofSeconds(1));
    rollouts.look();
    assertThat(phases()).containsExactly(Phase.HOLDING);
  }

  private List<Phase> phases() {
    return rollouts.standing().stream().map(it -> it.state().phase()).toList();
  }

  @Test
  void whatHasNoRolloutAnyMoreIsForgotten() {
    tell("orders");
    rollouts.look();
    assertThat(store.known().orElseThrow()).hasSize(1);

    live.tell(
        "orders.yaml",
        LiveState.ROLLOUT.substring(0, LiveState.ROLLOUT.indexOf("rollout:"))
            + "split: {weights: {v1: 1, v2: 0}}\n");
    rollouts.look();

    assertThat(shares()).isEmpty();
    assertThat(store.known().orElseThrow()).isEmpty();
    assertThat(
            live.pipeline
                .documents()
                .document(new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders")))
        .isPresent();
  }
}
