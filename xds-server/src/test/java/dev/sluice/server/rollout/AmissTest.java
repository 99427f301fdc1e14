package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.diff.LiveState;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are told while something beside the rollout is amiss. */
class AmissTest {
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");

  private final LiveState live = new LiveState();
  private long nanos;

  private Rollouts rollouts(RolloutStore store) {
    return new Rollouts(live.rolloutFacts(), List.of(store), () -> live.now, () -> nanos);
  }

  /** Its canary has been looked at once, beside so many proxies that ask for nothing. */
  private Rollouts begun(RolloutStore store, int proxies) {
    Rollouts rollouts = rollouts(store);
    live.sidecars("web", proxies);
    live.tell("orders.yaml", LiveState.ROLLOUT);
    rollouts.look();
    return rollouts;
  }

  private static Standing only(Rollouts rollouts) {
    assertThat(rollouts.standing()).hasSize(1);
    return rollouts.standing().getFirst();
  }

  @Test
  void nobodyCountsBeforeTheFirstProxyIsThereOrCouldBe() {
    Rollouts rollouts = begun(new MemoryStates(), 0);
    nanos += Duration.ofSeconds(29).toNanos();
    rollouts.look();
    assertThat(only(rollouts).state().phase()).isEqualTo(Phase.READYING);
    assertThat(only(rollouts).hindrance().orElseThrow().kind()).isEqualTo(Hindrance.Kind.RESTART);

    nanos += Duration.ofSeconds(1).toNanos();
    rollouts.look();
    assertThat(only(rollouts).state().phase()).isEqualTo(Phase.HOLDING);
  }

  @Test
  void whatCannotBeKeptIsToldUntilItCan(@TempDir Path folder) throws IOException {
    Path inTheWay = Files.createFile(folder.resolve("shop"));
    Rollouts rollouts = begun(new FolderStates(folder, _ -> true), 1);
    Standing standing = only(rollouts);
    assertThat(standing.hasBegun()).isFalse();
    assertThat(standing.words()).startsWith("it cannot be kept how it stands, so it waits: ");
    assertThat(standing.hindrance().orElseThrow().kind())
        .as("somebody who waits goes on waiting")
        .matches(kind -> kind == Hindrance.Kind.UNKEPT && !kind.isLasting());

    Files.delete(inTheWay);
    rollouts.look();
    assertThat(only(rollouts).hindrance()).isEmpty();
    assertThat(only(rollouts).state().phase()).isEqualTo(Phase.HOLDING);
  }

  @Test
  void whoStandsInForTheVersionThatHasAllOfTheTrafficIsTold() {
    Rollouts rollouts = begun(new MemoryStates(), 1);
    live.now = live.now.plus(Duration.ofMinutes(1));
    rollouts.look();
    rollouts.ask(ORDERS, Verb.PROMOTE, "me");
    rollouts.look();
    assertThat(only(rollouts).state().phase()).isEqualTo(Phase.COMPLETE);
    assertThat(only(rollouts).standIn()).isEmpty();

    live.tell(
        "orders.yaml",
        LiveState.ROLLOUT.replace(
            "labels: {version: v2}}\n---", "labels: {version: v2}, healthy: false}\n---"));
    assertThat(only(rollouts).standIn()).contains("v1");
    assertThat(only(rollouts).words())
        .isEqualTo("v2 has all of the traffic; v2 has no ready instance, so v1 has its traffic");
  }

  @Test
  void aCanaryThatHasAllOfTheTrafficForTheOtherVersionIsGoneIsTold() {
    Rollouts rollouts = begun(new MemoryStates(), 1);
    assertThat(only(rollouts).standIn()).isEmpty();
    live.tell(
        "orders.yaml",
        LiveState.ROLLOUT.replaceAll(
            "labels: \\{version: v1}}", "labels: {version: v1}, healthy: false}"));
    assertThat(only(rollouts).standIn()).contains("v2");
    assertThat(only(rollouts).words()).isEqualTo("v1 has no ready instance, so v2 has its traffic");
  }
}
