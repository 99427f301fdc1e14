package dev.sluice.server.conditions;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the replicas told, of those that live; of one thread. */
final class ReplicaReports {
  /** A replica says something at least this often. */
  static final Duration BEAT = Duration.ofSeconds(10);

  /** One that was silent for so long is not there any more: its proxies have gone elsewhere. */
  static final Duration SILENCE = BEAT.multipliedBy(3);

  /** So long the proxies of one that took its leave are on their way to another replica. */
  static final Duration LEAVING = BEAT;

  private static final Logger LOG = LoggerFactory.getLogger(ReplicaReports.class);

  private static final Tally UNREAD = new Tally("", 0, 0, List.of(), null);

  private final Map<String, Heard> heard = new HashMap<>();
  private final Map<String, Long> leaving = new HashMap<>();

  private record Heard(String text, Optional<ReplicaReport> report, long at) {
    boolean isFresh(long now) {
      return now - at < SILENCE.toNanos();
    }

    boolean hasRolledProxies() {
      return report.stream()
          .flatMap(it -> it.rollouts().values().stream())
          .anyMatch(tally -> tally.concerned() > 0);
    }
  }

  /**
   * Takes what stands there now.
   *
   * @param entries what each replica wrote last, by its identity
   * @param now in the time of {@link System#nanoTime}
   */
  void take(Map<String, String> entries, long now) {
    heard.forEach(
        (replica, one) -> {
          if (!entries.containsKey(replica) && one.isFresh(now) && one.hasRolledProxies()) {
            leaving.put(replica, now);
          }
        });
    leaving.keySet().removeAll(entries.keySet());
    leaving.values().removeIf(at -> now - at >= LEAVING.toNanos());
    heard.keySet().retainAll(entries.keySet());
    entries.forEach(
        (replica, text) -> {
          Heard before = heard.get(replica);
          if (before == null || !before.text().equals(text)) {
            heard.put(replica, new Heard(text, read(replica, text), now));
          }
        });
  }

  private static Optional<ReplicaReport> read(String replica, String text) {
    try {
      return Optional.of(ReplicaReport.read(text));
    } catch (IOException e) {
      LOG.warn("what the replica {} wrote cannot be read; its proxies are not counted", replica);
      return Optional.empty();
    }
  }

  /** What the living replicas say of a document, each of them something. */
  List<Tally> of(String document, long now) {
    return heard.values().stream()
        .filter(one -> one.isFresh(now))
        .flatMap(one -> one.report().stream())
        .filter(report -> !report.reading())
        .map(report -> report.documents().getOrDefault(document, UNREAD))
        .toList();
  }

  /**
   * What the living replicas say of rollouts, by who they are; nothing for one that took its leave
   * a moment ago, whose proxies are not counted anywhere until they are back.
   */
  Map<String, SortedMap<String, RolloutTally>> rollouts(long now) {
    Map<String, SortedMap<String, RolloutTally>> all = new HashMap<>();
    leaving.keySet().forEach(replica -> all.put(replica, Collections.emptySortedMap()));
    heard.forEach(
        (replica, one) -> {
          if (one.isFresh(now)) {
            all.put(
                replica,
                one.report().map(ReplicaReport::rollouts).orElse(Collections.emptySortedMap()));
          }
        });
    return all;
  }

  /** The replicas that say nothing any more. */
  SortedSet<String> silent(long now) {
    SortedSet<String> silent = new TreeSet<>();
    heard.forEach(
        (replica, one) -> {
          if (!one.isFresh(now)) {
            silent.add(replica);
          }
        });
    return silent;
  }
}
