package dev.sluice.server.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Gathers what the dashboard shows. One thread calls it. */
final class Watcher {
  /** Over how many seconds shares and latencies are counted. */
  static final int WINDOW_SECONDS = 5;

  private static final Duration RECENT = Duration.ofSeconds(5);

  private final Stage.Set stage;
  private final long started = System.nanoTime();
  private String versions;
  private Acknowledged proxy;
  private Optional<Duration> inForceAfter = Optional.empty();
  private SortedMap<String, Integer> asked;
  private String policy = "";
  private long countedFrom = started;

  Watcher(Stage.Set stage) {
    this.stage = stage;
    this.proxy = stage.acknowledged();
    this.versions = proxy.versions();
    this.asked = PolicyWeights.of(stage.quickstart().policy());
  }

  /** Looks at the proxy; to be called every few hundredths of a second. */
  void look() {
    proxy = stage.acknowledged();
    if (!proxy.versions().equals(versions) && proxy.synced()) {
      versions = proxy.versions();
      Instant saved = Folders.savedAt(stage.documents());
      Duration after = Duration.between(saved, Instant.now());
      if (after.compareTo(RECENT) < 0) {
        inForceAfter = Optional.of(after);
        countedFrom = System.nanoTime(); // What was seen before belongs to the old shares.
      }
    }
  }

  View view() {
    Ledger ledger = stage.traffic().ledger();
    long now = System.nanoTime();
    long window = TimeUnit.SECONDS.toNanos(WINDOW_SECONDS);
    long from = now - countedFrom < window ? countedFrom : now - window;
    Tally tally = Tally.of(ledger.since(from));
    readPolicy();
    return new View(
        Duration.ofNanos(now - started),
        stage.quickstart().service().metadata().name(),
        rows(tally),
        tally.requests() / Math.max((now - from) / 1e9, 0.001),
        ledger.total(),
        ledger.failures(),
        ledger.firstFailure(),
        tally.median(),
        tally.p99(),
        proxy,
        inForceAfter,
        problems());
  }

  private List<View.Row> rows(Tally tally) {
    SortedMap<String, Double> shares = Share.of(asked);
    SortedSet<String> names = new TreeSet<>(shares.keySet());
    stage.instances().forEach(instance -> names.add(instance.version()));
    List<View.Row> rows = new ArrayList<>();
    for (String name : names) {
      int instances = tally.instances().getOrDefault(name, Collections.emptySortedSet()).size();
      rows.add(
          new View.Row(name, Optional.ofNullable(shares.get(name)), tally.share(name), instances));
    }
    return rows;
  }

  /** What is asked stays what it was while the file has errors, as the traffic does. */
  private void readPolicy() {
    try {
      String text = Files.readString(stage.file(stage.quickstart().policyFile()));
      if (!text.equals(policy)) {
        policy = text;
        PolicyWeights.in(text).ifPresent(weights -> asked = weights);
      }
    } catch (IOException e) {
      // Being replaced by an editor, or removed: the next look tells.
    }
  }

  private List<String> problems() {
    Path folder = stage.documents();
    return stage.problems().stream()
        .map(
            problem ->
                problem.toString().replace(folder + folder.getFileSystem().getSeparator(), ""))
        .toList();
  }
}
