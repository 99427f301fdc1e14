package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.conditions.KeptTexts.Writer;
import dev.sluice.server.diff.LiveState;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.source.SourceEntry.OfDocumentKey;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rollouts beside a pipeline, to which a proxy is connected that asks for nothing. */
class RolloutsTest {
  private final LiveState live = new LiveState();
  private final MemoryStates store = new MemoryStates();
  private long nanos;
  private Rollouts rollouts = rollouts(store);

  private Rollouts rollouts(RolloutStore store) {
    return new Rollouts(live.rolloutFacts(), List.of(store), () -> live.now, () -> nanos);
  }

  private void tell(String... services) {
    live.sidecars("web", 1); // It asks for nothing yet.
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

  /** A thousand proxies that use a thousand services are much to go through. */
  @Test
  void whoIsConnectedIsLookedUpForAllOfThemTogether() {
    tell("orders", "billing", "stock", "users", "carts", "mails", "texts", "taxes");
    rollouts.look();
    live.now = live.now.plus(Duration.ofMinutes(1));
    int before = live.looks.get();

    rollouts.look();

    assertThat(shares()).hasSize(8).containsOnly(50);
    assertThat(live.looks.get() - before).as("before the step, after it, told").isBetween(1, 4);
  }

  @Test
  void aServerThatGoesOnServesWhatWasKept() {
    tell("orders");
    rollouts.look();
    rollouts = rollouts(store);
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
    rollouts = rollouts(store);
    rollouts.resume(store);

    rollouts.look();
    live.now = live.now.minus(Duration.ofHours(2)); // A clock that is set is no reason to wait.
    nanos += Duration.ofSeconds(29).toNanos();
    rollouts.look();
    assertThat(phases()).containsExactly(Phase.SHIFTING);
    Standing waiting = rollouts.standing().getFirst();
    assertThat(waiting.words())
        .isEqualTo(
            "waits until 2026-03-01T08:00:01Z for proxies that come back after the start of"
                + " the server");
    assertThat(waiting.counted()).isEqualTo(Standing.Counted.OF_ALL);

    nanos += Duration.ofSeconds(1).toNanos();
    rollouts.look();
    assertThat(phases()).containsExactly(Phase.HOLDING);
  }

  private List<Phase> phases() {
    return rollouts.standing().stream().map(it -> it.state().phase()).toList();
  }

  @Test
  void whatCannotBeReadMovesNothingAndStaysUntilItIsRight(@TempDir Path folder) throws Exception {
    rollouts = rollouts(new FolderStates(folder, _ -> false));
    tell("orders");
    rollouts.look();
    Path file = folder.resolve("shop/orders.json");
    String right = Files.readString(file);
    Files.writeString(file, right.replace("HOLDING", "LEVITATING"));
    String newer = Files.readString(file);
    assertThat(newer).contains("LEVITATING");
    rollouts = rollouts(new FolderStates(folder, _ -> false));
    for (int i = 0; i < 5; i++) {
      live.now = live.now.plus(Duration.ofMinutes(1));
      rollouts.look();
    }
    assertThat(file).hasContent(newer);
    Standing standing = rollouts.standing().getFirst();
    assertThat(standing.state().phase()).isEqualTo(Phase.BLOCKED);
    assertThat(standing.words()).startsWith("how it stands cannot be read in " + folder);
    assertThat(standing.hindrance().orElseThrow().kind().isLasting()).isTrue();

    Files.writeString(file, right);
    FolderStates next = new FolderStates(folder, _ -> false);
    rollouts = rollouts(next);
    rollouts.resume(next);
    rollouts.look();
    nanos += Duration.ofSeconds(30).toNanos();
    rollouts.look();
    assertThat(phases()).containsExactly(Phase.APPROVING);
  }

  @Test
  void aPolicyThatIsWrongWhereItStandsIsNotForgottenWithARestart(@TempDir Path folder)
      throws Exception {
    rollouts = rollouts(new FolderStates(folder, _ -> true));
    tell("orders");
    rollouts.look();
    DocumentKey orders = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");
    live.apply(List.of(new Remove(new OfDocumentKey(orders))));

    FolderStates next = new FolderStates(folder, _ -> true);
    rollouts = rollouts(next);
    rollouts.resume(next);
    rollouts.look();
    tell("orders");
    rollouts.look();
    assertThat(shares()).containsExactly(10);

    FolderStates gone = new FolderStates(folder, _ -> false);
    rollouts = rollouts(gone);
    live.apply(List.of(new Remove(new OfDocumentKey(orders))));
    rollouts.look();
    assertThat(gone.read()).isEmpty();
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
