package dev.sluice.server.conditions;

import dev.sluice.server.conditions.StoreException.Extent;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a replica does for the one that writes statuses: it leaves how its own proxies are. */
final class Following implements AutoCloseable {
  /** For so long one that has just begun knows no edition as one that the proxies may have. */
  private static final Duration READING = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(Following.class);

  private final ReplicaBoard board;
  private final RolloutTalk talk;
  private ReplicaReport left = new ReplicaReport(0, new TreeMap<>());
  private final long since;
  private long leftAt;
  private String failure = "";

  Following(ReplicaBoard board, RolloutTalk talk, long now) {
    this.board = board;
    this.talk = talk;
    this.since = now;
    this.leftAt = now - ReplicaReports.BEAT.toNanos();
  }

  /**
   * Leaves it where it differs from what was left, or as a sign of life.
   *
   * @param own how the documents stand with this replica's proxies
   * @param now in the time of {@link System#nanoTime}
   * @return what fails; empty when nothing does
   */
  String leave(SortedMap<String, PlaceStanding> own, long now) {
    boolean isReading = now - since < READING.toNanos();
    ReplicaReport report =
        isReading // To it everything is new, and on its way; to the others nothing is.
            ? ReplicaReport.ofRollouts(left.beat() + 1, talk.tallies())
            : ReplicaReport.of(left.beat() + 1, tallies(own), talk.tallies());
    boolean same = report.isAllBut(left) && board.isLeft();
    if (same && now - leftAt < ReplicaReports.BEAT.toNanos()) {
      return failure;
    }
    failure = "";
    try {
      leave(report);
    } catch (StoreException e) {
      return board + ": " + e.getMessage();
    }
    left = report;
    leftAt = now;
    return failure;
  }

  private static SortedMap<String, Tally> tallies(SortedMap<String, PlaceStanding> own) {
    SortedMap<String, Tally> tallies = new TreeMap<>();
    own.forEach(
        (place, standing) ->
            standing
                .documents()
                .forEach(
                    (key, one) -> tallies.put(PlaceStanding.document(place, key), one.tally())));
    return tallies;
  }

  /** In place of what is too large it leaves less, at last nothing but that it is there. */
  private void leave(ReplicaReport report) throws StoreException {
    List<ReplicaReport> shorter =
        List.of(
            report,
            report.withoutDocuments(),
            report.withoutDocuments().withoutNames(),
            new ReplicaReport(report.beat(), new TreeMap<>()));
    for (ReplicaReport one : shorter) {
      try {
        board.leave(one.text());
        return;
      } catch (StoreException e) {
        if (e.extent() != Extent.SIZE || one.equals(shorter.getLast())) {
          throw e;
        }
        failure = failure.isEmpty() ? board + ": " + e.getMessage() : failure;
      }
    }
  }

  /** Takes back what was left: it leads now, or has no proxies any more. */
  @Override
  public void close() {
    try {
      board.withdraw();
    } catch (StoreException e) {
      LOG.debug("what was left on the {} stays there until it is swept", board, e);
    }
  }
}
