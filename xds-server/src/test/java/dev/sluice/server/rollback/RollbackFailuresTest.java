package dev.sluice.server.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.node.NodeGroup;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.diff.LiveState;
import dev.sluice.server.history.History;
import dev.sluice.server.overrides.RefusedException;
import dev.sluice.server.pipeline.HeldBack;
import dev.sluice.server.pipeline.Pin;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.source.DocumentReader;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds, and what a restart brings back, where something goes wrong on the way. */
class RollbackFailuresTest {
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");
  private static final DocumentReader READER = DocumentParser.reader();

  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private LiveState live = new LiveState();
  @TempDir private Path folder;

  @BeforeEach
  void edited() {
    edit(live);
  }

  private static void edit(LiveState state) {
    state.tell("orders-service.yaml", LiveState.SERVICE);
    state.tell("orders.yaml", policy(1));
    state.tell("orders.yaml", policy(7));
  }

  private static String policy(int seconds) {
    return """
    apiVersion: sluice.dev/v1
    kind: TrafficPolicy
    metadata: {name: orders, namespace: shop}
    spec: {target: {service: orders}, timeouts: {request: %ds}}
    """
        .formatted(seconds);
  }

  private static RollbackRequest to(long revision, Duration length) {
    return new RollbackRequest(revision, new TreeSet<>(), length, "", "alice", "127.0.0.1");
  }

  private RollbackRequest good() {
    return to(live.history.last() - 1, Duration.ofHours(1));
  }

  private RollbackFacts facts(Executor writer) {
    RollbackFacts facts = live.facts();
    return new RollbackFacts(
        facts.pipeline(),
        writer,
        facts.later(),
        facts.history(),
        facts.diffs(),
        facts.proxies(),
        facts.snapshots());
  }

  private Rollbacks kept(Executor writer, Rollbacks.Writing writing, DocumentReader reader) {
    return Rollbacks.in(folder, reader, facts(writer), writing, () -> live.now);
  }

  private Rollbacks kept() {
    return kept(Runnable::run, Rollbacks.Writing.ON, READER);
  }

  /** Whose writer is busy until the test runs what waits for it. */
  private Rollbacks busy() {
    return kept(waiting::add, Rollbacks.Writing.ON, READER);
  }

  private Path file() {
    return folder.resolve("rollback.json");
  }

  private void runWaiting() {
    for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
      task.run();
    }
  }

  /** The wait ends at once, as it does by itself after its time. */
  private static void unavailable(Runnable command) {
    Thread.currentThread().interrupt();
    assertThatThrownBy(command::run).isInstanceOf(RefusedException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void onePinnedOnlyOnceNobodyWaitedAnyMoreEndsByItselfToo() {
    Rollbacks rollbacks =
        Rollbacks.inMemory(facts(waiting::add), Rollbacks.Writing.ON, () -> live.now);
    unavailable(() -> rollbacks.roll(good()));
    runWaiting();
    assertThat(live.pipeline.pin()).isPresent();

    live.now = live.later.firstKey();
    live.later.firstEntry().getValue().run();

    assertThat(live.pipeline.pin()).isEmpty();
  }

  @Test
  void oneLiftedOnlyOnceNobodyWaitedAnyMoreIsNotBackAfterARestart() {
    kept().roll(good());
    Rollbacks busy = busy();
    unavailable(() -> busy.lift("127.0.0.1"));
    assertThat(live.pipeline.pin()).isPresent();
    assertThat(file()).exists();

    runWaiting();

    assertThat(live.pipeline.pin()).isEmpty();
    Awaitility.await().until(() -> !Files.exists(file()));
  }

  @Test
  void oneThatEndsLeavesTheFileOfTheOneThatTakesItsPlace() throws IOException {
    Pin old = kept().roll(to(live.history.last() - 1, Duration.ofMinutes(1)));
    PinFile file = new PinFile(folder, READER);
    Pin next =
        new Pin(
            old.revision(),
            old.documents(),
            old.unreadable(),
            old.services(),
            old.since().plusSeconds(59),
            old.until().plusSeconds(59),
            old.by(),
            old.reason());

    file.write(next);
    file.delete(old);
    assertThat(file.read().map(Pin::until)).hasValue(next.until());
    file.putBack(old, Optional.empty());
    assertThat(file.read().map(Pin::until)).hasValue(next.until());
    file.putBack(next, Optional.of(old));
    assertThat(file.read().map(Pin::until)).hasValue(old.until());
    file.delete(old);
    assertThat(file.read()).isEmpty();
  }

  @Test
  void thePinOfBeforeStaysInForceAndInTheFileWhereTheNextOneFails() {
    NodeGroup web = live.sidecars("web", 1);
    Pin first = kept().roll(good());
    Snapshot pinned = live.store.current(web).orElseThrow();
    Documents inForce = live.pipeline.documents();
    live.pipeline.recorder(
        (_, _) -> {
          throw new IllegalStateException("recorder");
        });
    live.later.clear();

    assertThatThrownBy(() -> kept().roll(to(1, Duration.ofMinutes(5))))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("its log says why");

    assertThat(live.pipeline.pin()).hasValue(first);
    assertThat(live.pipeline.documents()).isEqualTo(inForce);
    assertThat(new PinFile(folder, READER).read().map(Pin::until)).hasValue(first.until());
    assertThat(live.store.current(web).orElseThrow().sameAs(pinned)).as("published").isFalse();

    live.later.pollFirstEntry().getValue().run();
    live.pipeline.recorder(live.history::published);
    live.later.pollFirstEntry().getValue().run();

    assertThat(live.store.current(web).orElseThrow().sameAs(pinned)).as("mended").isTrue();
    assertThat(live.later).isEmpty();
    assertThat(live.store.revisions().getLast().reasons().getFirst().text())
        .isEqualTo("failed and is undone");
  }

  @Test
  void whatThisVersionCannotReadHoldsAsItIsTold() {
    NodeGroup web = live.sidecars("web", 1);
    kept().roll(good());
    live = new LiveState();
    live.sidecars("web", 1);

    kept(Runnable::run, Rollbacks.Writing.ON, stricter()).resume();
    edit(live);

    assertThat(live.pipeline.pin().map(Pin::unreadable))
        .hasValue(new TreeSet<>(Collections.singleton(ORDERS)));
    assertThat(live.pipeline.documents().document(ORDERS)).isPresent();
    assertThat(live.pipeline.heldBack()).extracting(HeldBack::key).doesNotContain(ORDERS);
    assertThat(live.store.current(web)).isPresent();
  }

  @Test
  void aRevisionThatThisVersionCannotReadIsRefusedByName() throws IOException {
    Path past = folder.resolve("past");
    long good;
    try (History history = History.in(past, READER)) {
      live = new LiveState(history);
      edit(live);
      good = history.last() - 1;
    }
    for (String start : new String[] {"first", "again, of the file written anew"}) {
      try (History history = History.in(past, stricter())) {
        live = new LiveState(history);
        live.tell("orders-service.yaml", LiveState.SERVICE);
        live.pipeline.synced();

        assertThatThrownBy(() -> kept().roll(to(good, Duration.ofHours(1))))
            .as(start)
            .hasMessageContaining("cannot read [TrafficPolicy shop/orders]");
        assertThat(live.pipeline.pin()).isEmpty();
      }
    }
  }

  /** A later version's, which takes no TrafficPolicy of now. */
  private static DocumentReader stricter() {
    return (file, text) -> READER.read(file, text.replace("TrafficPolicy", "Nothing"));
  }

  @Test
  void oneCanBeLiftedBeforeEverySourceHasSynced() {
    kept().roll(good());
    live = new LiveState();
    Rollbacks again = kept();
    again.resume();
    assertThat(live.pipeline.isSynced()).isFalse();

    assertThat(again.lift("127.0.0.1")).isPresent();

    assertThat(live.pipeline.pin()).isEmpty();
    assertThat(file()).doesNotExist();
    edit(live);
    assertThat(live.pipeline.heldBack()).isEmpty();
  }

  @Test
  void oneThatGoesOnWithoutCommandsEndsByItself() {
    Pin pin = kept().roll(good());
    live = new LiveState();
    Rollbacks off = kept(Runnable::run, Rollbacks.Writing.OFF, READER);
    off.resume();
    assertThatThrownBy(() -> off.lift("127.0.0.1")).hasMessageContaining("admin.writes: false");

    Instant end = live.later.firstKey();
    assertThat(end).isEqualTo(pin.until());
    live.now = end;
    live.later.firstEntry().getValue().run();

    assertThat(live.pipeline.pin()).isEmpty();
    Awaitility.await().until(() -> !Files.exists(file()));
  }
}
