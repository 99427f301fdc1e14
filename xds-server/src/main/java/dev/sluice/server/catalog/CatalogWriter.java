package dev.sluice.server.catalog;

import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Problem;
import dev.sluice.server.catalog.Mailbox.Item;
import dev.sluice.source.SourceSink;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceUpdate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of the catalog: folds what the sources tell and hands each change to the listener.
 *
 * <p>All folding, the listener and the tasks of {@link #run} happen on one thread, named {@code
 * catalog-writer}. Nothing is told before every source has told all it knew; then comes one change
 * with everything. From there on additions wait for their like, at most 100 ms ({@link Debounce});
 * what takes something away goes out at once, together with all that waits.
 */
public final class CatalogWriter implements SourceSink, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CatalogWriter.class);
  private static final int CAPACITY = 1024;
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  private final CatalogListener listener;
  private final CatalogMetrics metrics;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Coalescer coalescer;
  private final Mailbox mailbox;
  private final CatalogMeters meters = new CatalogMeters();
  private final Map<SourceName, SourceStatus> statuses = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile CatalogImage image = CatalogImage.EMPTY;
  private final List<Runnable> settled = new ArrayList<>();
  private boolean syncedTold;

  /**
   * A writer that does nothing until it is started.
   *
   * @param sources the sources whose {@link SourceUpdate.Synced} is waited for
   * @param listener told of each change
   * @param metrics where it counts
   */
  public CatalogWriter(Set<SourceName> sources, CatalogListener listener, CatalogMetrics metrics) {
    this(sources, listener, metrics, CAPACITY, InstantSource.system(), System::nanoTime);
  }

  CatalogWriter(
      Set<SourceName> sources,
      CatalogListener listener,
      CatalogMetrics metrics,
      int capacity,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.listener = listener;
    this.metrics = metrics;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.coalescer = new Coalescer(sources);
    this.mailbox = new Mailbox(capacity);
    this.thread = Thread.ofPlatform().name("catalog-writer").daemon().unstarted(this::loop);
  }

  /** Starts the writer's thread; what was told before is folded now. */
  public void start() {
    thread.start();
  }

  /**
   * Takes updates of a source to fold; may be called from any thread. Waits for room when the
   * writer is far behind, and never loses an update.
   */
  @Override
  public void accept(SourceName source, List<SourceUpdate> updates) {
    if (updates.isEmpty()) {
      return;
    }
    Item.Facts facts = new Item.Facts(source, updates, nanoTime.getAsLong());
    if (Thread.currentThread().equals(thread)) {
      mailbox.putNow(facts);
    } else {
      mailbox.put(facts);
    }
  }

  @Override
  public void status(SourceStatus status) {
    statuses.put(status.source(), status);
  }

  /** Runs {@code task} on the writer's thread, after what was told before; returns at once. */
  public void run(Runnable task) {
    mailbox.putNow(new Item.Task(task));
  }

  /**
   * Runs {@code task} on the writer's thread once the listener has been told all that sources told
   * before; returns at once.
   */
  public void settled(Runnable task) {
    run(
        () -> {
          coalescer.hurry();
          settled.add(task);
        });
  }

  /**
   * The newest status of each source that gave one, with what the catalog finds wrong with its
   * documents: those that another source's hide.
   */
  public SortedMap<SourceName, SourceStatus> statuses() {
    SortedMap<SourceName, SourceStatus> all = new TreeMap<>(statuses);
    image
        .problems()
        .forEach((source, problems) -> all.computeIfPresent(source, (_, s) -> with(s, problems)));
    return Collections.unmodifiableSortedMap(all);
  }

  private static SourceStatus with(SourceStatus status, List<Problem> more) {
    List<Problem> problems = new ArrayList<>(status.problems());
    problems.addAll(more);
    return new SourceStatus(
        status.source(), status.state(), status.since(), status.message(), problems);
  }

  /** All that was folded so far, whether the listener was told of it or not. */
  public CatalogImage image() {
    return image;
  }

  /** How many lists of updates and tasks wait for the writer. */
  public int queueLength() {
    return mailbox.length();
  }

  /** Counts of what the writer did. */
  public CatalogMeters meters() {
    return meters;
  }

  /** Stops the thread after what it is doing; what waits is dropped. */
  @Override
  public void close() {
    mailbox.close();
    if (Thread.currentThread().equals(thread) || !thread.isAlive()) {
      return;
    }
    try {
      if (!thread.join(CLOSE_WAIT)) {
        LOG.warn("the catalog's writer did not end within {}", CLOSE_WAIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    while (!mailbox.isClosed()) {
      try {
        List<Item> items =
            mailbox.take(coalescer.dueIn(nanoTime.getAsLong()).orElse(Mailbox.FOREVER));
        items.forEach(this::handle);
        if (!items.isEmpty()) {
          meters.batch();
        }
        tell();
        runSettled();
      } catch (InterruptedException e) {
        LOG.warn("the catalog's writer was interrupted and goes on; it ends by close()");
      }
    }
  }

  private void handle(Item item) {
    try {
      switch (item) {
        case Item.Facts(SourceName source, List<SourceUpdate> updates, long at) -> {
          long now = nanoTime.getAsLong();
          coalescer.accept(now, clock.instant(), source, updates);
          image = coalescer.image();
          meters.folded(updates.size());
          metrics.folded(source, updates.size(), now - at);
        }
        case Item.Task(Runnable task) -> task.run();
      }
    } catch (Throwable e) {
      meters.failed();
      LOG.error("the catalog's writer could not handle {}; it goes on", describe(item), e);
    }
  }

  private void runSettled() {
    if (!settled.isEmpty() && coalescer.isSettled()) {
      List<Runnable> all = List.copyOf(settled);
      settled.clear();
      all.forEach(task -> handle(new Item.Task(task)));
    }
  }

  private void tell() {
    coalescer.due(nanoTime.getAsLong(), clock.instant()).ifPresent(this::tell);
  }

  private void tell(Change change) {
    try {
      long began = nanoTime.getAsLong();
      listener.changed(change);
      long ended = nanoTime.getAsLong();
      Duration waited = coalescer.told(ended);
      meters.changed(waited);
      metrics.changed(waited.toNanos(), ended - began);
      if (!syncedTold) {
        syncedTold = true;
        run(listener::synced);
      }
    } catch (Throwable e) {
      meters.failed();
      coalescer.refused(nanoTime.getAsLong());
      LOG.error(
          "the pipeline failed on a change caused by {}; it is told again", change.causes(), e);
    }
  }

  private static String describe(Item item) {
    return switch (item) {
      case Item.Facts facts -> "updates of source " + facts.source();
      case Item.Task _ -> "a task";
    };
  }
}
