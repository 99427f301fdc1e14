package dev.sluice.server.conditions;

import dev.sluice.server.kubernetes.Words;
import dev.sluice.spec.DocumentKey;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
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

  private static final String GRANT = "get on the kind, and patch on its subresource status";
  private static final String OTHERS = "the proxies of other replicas are not counted";

  private final StatusObjects objects;
  private final ReplicaBoard board;
  private final ReplicaReports reports = new ReplicaReports();
  private final Map<DocumentKey, Standing> written = new HashMap<>();
  private final Set<String> removed = new HashSet<>();
  private final long since;
  private long askedAt;

  Leading(StatusObjects objects, ReplicaBoard board, long now) {
    this.objects = objects;
    this.board = board;
    this.since = now;
    this.askedAt = now;
    board.open();
  }

  /**
   * Writes what differs from what was written.
   *
   * @param own how the documents stand with this replica's proxies
   * @param may whether it still leads; asked before each
   * @param now in the time of {@link System#nanoTime}
   * @return what fails, of all the first; empty when nothing does
   */
  String write(SortedMap<DocumentKey, Standing> own, BooleanSupplier may, long now) {
    boolean listed = board.isListed();
    if (!listed && now - since < LISTING.toNanos()) {
      return ""; // Or it would count too few, and all of them a moment later.
    }
    String failure = listed ? hear(now) : board + " cannot be watched; " + OTHERS;
    written.keySet().retainAll(own.keySet());
    for (Map.Entry<DocumentKey, Standing> one : own.entrySet()) {
      DocumentKey key = one.getKey();
      Standing standing =
          listed
              ? one.getValue().with(reports.of(key.toString(), now))
              : one.getValue().butNotAll(OTHERS);
      boolean isNew = standing.isSettled() && !standing.equals(written.get(key));
      if (isNew && may.getAsBoolean()) {
        try {
          if (objects.write(key, standing)) {
            written.put(key, standing);
          }
        } catch (KubernetesClientException e) {
          failure = failure.isEmpty() ? key + ": " + why(e, GRANT) : failure;
          if (!isOfOne(e)) {
            return failure;
          }
        }
      }
    }
    return failure;
  }

  /** Whether another object may fare better. */
  private static boolean isOfOne(KubernetesClientException e) {
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_UNAUTHORIZED, HttpURLConnection.HTTP_UNAVAILABLE -> false;
      default -> e.getCode() > 0;
    };
  }

  /**
   * Takes what the others left. A watch may have ended without a word: before replicas are taken
   * for silent, and what they left is removed, the API server is asked.
   */
  private String hear(long now) {
    reports.take(board.others(), now);
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
      reports.silent(now).stream().filter(removed::add).forEach(board::remove);
      return "";
    } catch (KubernetesClientException e) {
      return board + ": " + why(e, "list, watch and patch on configmaps");
    }
  }

  /** What an API server's answer means to people. */
  static String why(KubernetesClientException e, String grant) {
    return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
        ? "it is forbidden (403); grant " + grant
        : Words.of(e);
  }

  @Override
  public void close() {
    board.shut();
  }
}
