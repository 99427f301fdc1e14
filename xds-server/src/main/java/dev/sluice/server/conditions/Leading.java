package dev.sluice.server.conditions;

import dev.sluice.server.conditions.StoreException.Extent;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;

/** What the replica does that writes statuses, for as long as it leads. */
final class Leading implements AutoCloseable {
  /** For so long it waits for what the other replicas have left. */
  private static final Duration LISTING = Duration.ofSeconds(5);

  private static final String OTHERS = "the proxies of other replicas are not counted";

  private final StatusStore store;
  private final ReplicaBoard board;
  private final RolloutTalk talk;
  private final ReplicaReports reports = new ReplicaReports();
  private final Map<String, PlaceStanding> written = new HashMap<>();
  private final Set<String> removed = new HashSet<>();
  private final long since;
  private long askedAt;

  Leading(StatusStore store, ReplicaBoard board, RolloutTalk talk, long now) {
    this.store = store;
    this.board = board;
    this.talk = talk;
    this.since = now;
    this.askedAt = now;
    store.begin();
    board.open();
  }

  /**
   * Writes what differs from what was written.
   *
   * @param own how the places stand with this replica's proxies
   * @param may whether it still leads; asked before each
   * @param now in the time of {@link System#nanoTime}
   * @return what fails, of all the first; empty when nothing does
   */
  String write(SortedMap<String, PlaceStanding> own, BooleanSupplier may, long now) {
    boolean listed = board.isListed();
    if (!listed && now - since < LISTING.toNanos()) {
      return ""; // Or it would count too few, and all of them a moment later.
    }
    if (!listed) {
      talk.deaf();
    }
    String failure = listed ? hear(now) : board + " cannot be watched; " + OTHERS;
    written.keySet().retainAll(own.keySet());
    try {
      if (may.getAsBoolean()) {
        store.look(own.keySet(), now).forEach(written::remove);
      }
    } catch (StoreException e) {
      failure = failure.isEmpty() ? e.getMessage() : failure;
      if (e.extent() == Extent.ALL) {
        return failure;
      }
    }
    for (PlaceStanding one : own.values()) {
      PlaceStanding standing =
          one.with(
              (document, its) ->
                  listed ? its.with(reports.of(document, now)) : its.butNotAll(OTHERS));
      boolean isNew = standing.isSettled() && !standing.equals(written.get(one.name()));
      if (isNew && may.getAsBoolean()) {
        try {
          if (store.write(standing.wanted())) {
            written.put(one.name(), standing);
          }
        } catch (StoreException e) {
          failure = failure.isEmpty() ? one.name() + ": " + e.getMessage() : failure;
          if (e.extent() == Extent.ALL) {
            return failure;
          }
        }
      }
    }
    return failure;
  }

  /**
   * Takes what the others left. A watch may have ended without a word: before replicas are taken
   * for silent, and what they left is removed, the store is asked.
   */
  private String hear(long now) {
    reports.take(board.others(), now);
    // Who led until now has to find out that it follows, or its proxies have to come back.
    if (now - since >= ReplicaReports.LEAVING.toNanos()) {
      talk.heard(reports.rollouts(now), now);
    }
    if (reports.silent(now).isEmpty() || now - askedAt < ReplicaReports.SILENCE.toNanos()) {
      return "";
    }
    askedAt = now;
    try {
      Map<String, String> asked = board.ask();
      if (!asked.equals(board.others())) {
        board.shut();
        board.open();
      }
      reports.take(asked, now);
    } catch (StoreException e) {
      return board + ": " + e.getMessage();
    }
    String failure = "";
    for (String replica : reports.silent(now)) {
      try {
        if (!removed.contains(replica)) {
          board.remove(replica);
          removed.add(replica);
        }
      } catch (StoreException e) {
        failure = failure.isEmpty() ? board + ": " + e.getMessage() : failure;
      }
    }
    return failure;
  }

  @Override
  public void close() {
    talk.deaf();
    board.shut();
  }
}
