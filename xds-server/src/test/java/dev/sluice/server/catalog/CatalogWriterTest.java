package dev.sluice.server.catalog;

import static dev.sluice.server.source.Facts.gateway;
import static dev.sluice.server.source.Facts.id;
import static dev.sluice.server.source.Facts.removeService;
import static dev.sluice.server.source.Facts.service;
import static dev.sluice.server.source.Facts.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.SourceName;
import dev.sluice.server.source.Facts;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceStatus.State;
import dev.sluice.source.SourceUpdate.Synced;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CatalogWriterTest {

  private static final SourceName A = new SourceName("consul", "a");
  private static final SourceName B = new SourceName("file", "b");

  private final Following pipeline = new Following();
  private final CatalogWriter writer =
      new CatalogWriter(
          Set.of(A, B), pipeline, CatalogMetrics.NONE, 4, InstantSource.system(), System::nanoTime);

  /** A pipeline that checks that each change goes on where the one before ended. */
  private static final class Following implements CatalogListener {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile Catalog catalog = Catalog.EMPTY;

    @Override
    public void changed(Change change) {
      if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("a pipeline that fails on purpose");
      }
      if (!change.catalog().before().equals(catalog)) {
        heard.add("a gap before " + change);
      }
      catalog = change.catalog().after();
      heard.add("change on " + Thread.currentThread().getName());
    }

    @Override
    public void synced() {
      heard.add("synced on " + Thread.currentThread().getName());
    }
  }

  @AfterEach
  void close() {
    writer.close();
  }

  private void startSynced() {
    writer.start();
    writer.accept(A, List.of(new Synced()));
    writer.accept(B, List.of(new Synced()));
    await().until(() -> pipeline.heard.contains("synced on catalog-writer"));
  }

  @Test
  void theFirstChangeThenSyncedThenChangesAllOnTheWritersThread() {
    writer.accept(A, List.of(upsert(service(A, "a", "10.0.0.1")), new Synced()));
    startSynced();
    writer.accept(A, List.of(upsert(service(A, "b", "10.0.0.1"))));
    await().until(() -> pipeline.catalog.services().size() == 2);
    assertThat(pipeline.heard)
        .containsExactly(
            "change on catalog-writer", "synced on catalog-writer", "change on catalog-writer");
  }

  @Test
  void tasksRunOnTheWritersThreadAfterWhatWasToldBefore() throws Exception {
    startSynced();
    AtomicReference<String> seen = new AtomicReference<>("");
    CountDownLatch ran = new CountDownLatch(1);
    writer.accept(A, List.of(upsert(service(A, "a", "10.0.0.1"))));
    writer.run(
        () -> {
          throw new IllegalStateException("a task that fails on purpose");
        });
    writer.run(
        () -> {
          seen.set(Thread.currentThread().getName() + writer.image().catalog().services().keySet());
          ran.countDown();
        });
    ran.await();
    assertThat(seen.get()).isEqualTo("catalog-writer[a.shop]");
    assertThat(writer.meters().failures()).isEqualTo(1);
  }

  @Test
  void aPipelineThatFailsIsToldAgainWithTheNextChange() {
    startSynced();
    pipeline.failures.set(1);
    writer.accept(A, List.of(upsert(service(A, "a", "10.0.0.1"))));
    await().until(() -> writer.meters().failures() == 1);
    writer.accept(A, List.of(upsert(service(A, "b", "10.0.0.1"))));
    await().until(() -> pipeline.catalog.services().size() == 2);
    assertThat(pipeline.heard).noneMatch(line -> line.startsWith("a gap"));
  }

  @Test
  void updatesOfManyThreadsThroughANarrowMailboxAreAllFolded() throws Exception {
    startSynced();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      String name = "t" + t;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 500; i++) {
                      String one = name + "-" + i;
                      writer.accept(A, List.of(upsert(service(A, one, "10.0.0.1"))));
                      if (i % 2 == 0) {
                        writer.accept(A, List.of(removeService(one)));
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    await().until(() -> pipeline.catalog.services().size() == 1000);
    assertThat(pipeline.catalog.service(id("t3-499"))).isPresent();
    assertThat(pipeline.heard).noneMatch(line -> line.startsWith("a gap"));
    assertThat(writer.meters().updates()).isEqualTo(4 * 750 + 2);
  }

  @Test
  void aSourceWaitsWhileTheMailboxIsFullAndGoesOnWhenItIsNot() throws Exception {
    startSynced();
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    writer.run(
        () -> {
          held.countDown();
          awaitQuietly(release);
        });
    held.await();
    AtomicBoolean done = new AtomicBoolean();
    Thread source =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < 10; i++) {
                    writer.accept(A, List.of(upsert(service(A, "s" + i, "10.0.0.1"))));
                  }
                  done.set(true);
                });
    await().until(() -> source.getState() == Thread.State.WAITING);
    assertThat(done).isFalse();
    assertThat(writer.queueLength()).isEqualTo(4);
    release.countDown();
    await().until(() -> pipeline.catalog.services().size() == 10);
    source.join();
    assertThat(done).isTrue();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void theNewestStatusOfEachSourceIsReadableWithWhatTheCatalogFindsWrong() {
    startSynced();
    writer.status(new SourceStatus(A, State.STARTING, Instant.EPOCH, "connecting", List.of()));
    writer.status(new SourceStatus(A, State.SYNCED, Instant.EPOCH, null, List.of()));
    writer.status(new SourceStatus(B, State.SYNCED, Instant.EPOCH, null, List.of()));
    writer.accept(A, List.of(upsert(gateway("public", "a.example.com"))));
    writer.accept(B, List.of(upsert(gateway("public", "b.example.com"))));
    await().until(() -> !writer.image().problems().isEmpty());
    assertThat(writer.statuses()).containsOnlyKeys(A, B);
    assertThat(writer.statuses().get(A))
        .isEqualTo(new SourceStatus(A, State.SYNCED, Instant.EPOCH, null, List.of()));
    assertThat(writer.statuses().lastEntry().getValue().problems()).hasSize(1);
    assertThat(writer.image().documents().document(Facts.gatewayKey("public"))).isPresent();
  }

  @Test
  void aClosedWriterLetsSourcesGoAndTellsNothing() {
    startSynced();
    writer.close();
    for (int i = 0; i < 10; i++) {
      writer.accept(A, List.of(upsert(service(A, "s" + i, "10.0.0.1"))));
    }
    assertThat(writer.queueLength()).isZero();
    assertThat(pipeline.catalog.services()).isEmpty();
  }

  @Test
  void aTaskRunsOnceTheListenerKnowsAllThatWasToldBefore() {
    startSynced();
    List<Integer> seen = new CopyOnWriteArrayList<>();
    writer.accept(A, List.of(upsert(service(A, "a", "10.0.0.1"))));
    writer.accept(A, List.of(upsert(service(A, "b", "10.0.0.1"))));
    writer.settled(() -> seen.add(pipeline.catalog.services().size()));

    await().untilAsserted(() -> assertThat(seen).containsExactly(2));
  }

  @Test
  void aTaskWaitsForAListenerThatFails() {
    startSynced();
    List<Integer> seen = new CopyOnWriteArrayList<>();
    pipeline.failures.set(1);
    writer.accept(A, List.of(upsert(service(A, "a", "10.0.0.1"))));
    writer.settled(() -> seen.add(pipeline.catalog.services().size()));

    await().untilAsserted(() -> assertThat(seen).containsExactly(1));
  }
}
