package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.catalog.SourceName;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.diff.LiveState;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceEntry.OfDocument;
import dev.sluice.source.SourceSink;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceStatus.State;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Replace;
import dev.sluice.source.SourceUpdate.Synced;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a source tells at its start, before and after it is known how its rollouts stand. */
class KeptFirstTest {
  private static final SourceName CONSUL = new SourceName("consul", "dc1");
  private static final SourceName FILES = new SourceName("file", "files");

  private final SharedPlace place = new SharedPlace();
  private final Replica replica = new Replica("one", place);
  private final List<List<SourceUpdate>> told = new CopyOnWriteArrayList<>();
  private final List<SourceStatus> statuses = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final SourceSink sink =
      new KeptFirst(
          new SourceSink() {
            @Override
            public void accept(SourceName source, List<SourceUpdate> updates) {
              told.add(updates);
            }

            @Override
            public void status(SourceStatus status) {
              statuses.add(status);
            }
          },
          replica.rollouts,
          Map.of(CONSUL, replica.store),
          timer);

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  private static List<SourceUpdate> all(String text) {
    List<SourceEntry> entries =
        DocumentParser.reader().read("orders.yaml", text).items().stream()
            .flatMap(item -> item.document().stream())
            .<SourceEntry>map(OfDocument::new)
            .toList();
    return List.of(new Replace(entries), new Synced());
  }

  private static SourceStatus synced() {
    return new SourceStatus(CONSUL, State.SYNCED, Instant.EPOCH, null, List.of());
  }

  @Test
  void rolloutsWaitUntilItIsKnownHowTheyStandAndTheStatusSaysSo() {
    replica.view.isRead = false;
    List<SourceUpdate> all = all(LiveState.ROLLOUT);
    sink.accept(CONSUL, all);
    sink.status(synced());
    assertThat(told).isEmpty();
    assertThat(statuses.getLast().state()).isEqualTo(State.STARTING);
    assertThat(statuses.getLast().message()).contains("a place of dc1", "nobody answers");
    List<SourceUpdate> files = all(LiveState.ROLLOUT);
    sink.accept(FILES, files);
    assertThat(told).as("of a source that has none").containsExactly(files);

    replica.view.isRead = true;
    await().until(() -> told.size() == 2);
    assertThat(told.getLast()).isEqualTo(all);
    await().untilAsserted(() -> assertThat(statuses.getLast()).isEqualTo(synced()));
    List<SourceUpdate> later = List.of(all.getFirst());
    replica.view.isRead = false;
    sink.accept(CONSUL, later);
    assertThat(told.getLast()).as("from then on").isEqualTo(later);
  }

  @Test
  void aSourceWithoutRolloutsIsNotHeldBack() {
    replica.view.isRead = false;
    List<SourceUpdate> all =
        all(LiveState.ROLLOUT.substring(0, LiveState.ROLLOUT.indexOf("  rollout:")));
    sink.accept(CONSUL, all);
    assertThat(told).containsExactly(all);
  }

  @Test
  void whatIsKnownAtOnceHoldsNothingBack() {
    List<SourceUpdate> all = all(LiveState.ROLLOUT);
    sink.accept(CONSUL, all);
    assertThat(told).containsExactly(all);
  }
}
