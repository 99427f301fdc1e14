package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.diff.LiveState;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Shares are put in force all at once, whatever becomes of one of them. */
class InForceTest {
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");
  private static final DocumentKey STOCK = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "stock");

  private final LiveState live = new LiveState();
  private final Queue<Runnable> writer = new ArrayDeque<>();
  private final List<String> changes = new ArrayList<>();
  private long nanos;

  InForceTest() {
    live.sidecars("web", 0);
    for (String service : List.of("orders", "stock")) {
      live.tell(service + ".yaml", LiveState.ROLLOUT.replace("orders", service));
    }
    live.pipeline.recorder((revision, _) -> changes.add(revision.cause()));
  }

  private InForce inForce(Executor executor) {
    return new InForce(
        new RolloutFacts(
            live.pipeline, executor, List::of, live.store::current, RolloutMetrics.NONE),
        () -> nanos,
        Duration.ofMillis(50));
  }

  private static RolloutState at(int share) {
    return RolloutState.beginning(
        Target.of(Sections.canary(10, 50)), Shares.of("v1", "v2", share), LiveState.NOW);
  }

  private static SortedMap<DocumentKey, RolloutState> states(int share) {
    return new TreeMap<>(Map.of(ORDERS, at(share), STOCK, at(share)));
  }

  @Test
  void whatTakesTooLongIsAwaitedByTheNextLooksAndAskedForOnce() {
    InForce inForce = inForce(writer::add);

    assertThat(inForce.bring(states(100_000))).isTrue();
    assertThat(inForce.bring(states(100_000))).isFalse();
    assertThat(inForce.bring(states(500_000))).isFalse();
    assertThat(writer).as("tasks").hasSize(1);
    assertThat(inForce.serves(ORDERS, at(100_000))).isFalse();

    writer.remove().run();
    inForce.bring(states(500_000));
    assertThat(inForce.serves(ORDERS, at(100_000))).isTrue();
    assertThat(inForce.serves(STOCK, at(100_000))).isTrue();
    assertThat(writer).as("what was wanted meanwhile").hasSize(1);

    writer.remove().run();
    inForce.bring(states(500_000));
    assertThat(inForce.serves(ORDERS, at(500_000))).isTrue();
    assertThat(changes).hasSize(2).allMatch(cause -> cause.contains("shop/stock"));
  }

  @Test
  void ofWhatFailsTogetherEachIsTriedAlone() {
    InForce inForce = inForce(Runnable::run);
    live.pipeline.recorder(
        (revision, _) -> {
          changes.add(revision.cause());
          if (revision.cause().contains("stock")) {
            throw new IllegalStateException("the disk is full");
          }
        });

    inForce.bring(states(100_000));

    assertThat(inForce.serves(ORDERS, at(100_000))).isTrue();
    assertThat(inForce.serves(STOCK, at(100_000))).isFalse();
    int tried = changes.size();
    inForce.bring(states(100_000));
    assertThat(changes).as("not again at once").hasSize(tried);

    nanos += Duration.ofSeconds(10).toNanos();
    live.pipeline.recorder((revision, _) -> changes.add(revision.cause()));
    inForce.bring(states(100_000));
    assertThat(inForce.serves(STOCK, at(100_000))).isTrue();
  }

  @Test
  void whatFailedAndIsOldByThenIsNotTriedAgain() {
    InForce inForce = inForce(writer::add);
    inForce.bring(states(100_000));
    live.pipeline.recorder(
        (_, _) -> {
          throw new IllegalStateException("the disk is full");
        });
    writer.remove().run();
    live.pipeline.recorder((revision, _) -> changes.add(revision.cause()));

    for (int i = 0; i < 4; i++) {
      inForce.bring(states(500_000)); // As was asked meanwhile.
      assertThat(inForce.serves(ORDERS, at(100_000))).isFalse();
      assertThat(inForce.serves(STOCK, at(100_000))).isFalse();
      if (!writer.isEmpty()) {
        writer.remove().run();
      }
    }
    assertThat(inForce.serves(ORDERS, at(500_000))).isTrue();
    assertThat(inForce.serves(STOCK, at(500_000))).isTrue();
  }
}
