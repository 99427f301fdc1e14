package dev.sluice.server.xds;

import dev.sluice.server.snapshot.SnapshotDiff;
import java.util.HashMap;
import java.util.Map;

/** The new clusters of one stream that its routes wait for, each until a deadline. */
final class NewClusters {
  private static final long NOBODY = Long.MIN_VALUE;

  private final long deadline;

  /** Those that were not sent yet, and until when they are waited for. */
  private Map<String, Long> unsent = Map.of();

  /** Until when those are waited for that were sent and not answered. */
  private long unanswered = NOBODY;

  /** Until when those are waited for that were refused. */
  private long refused = NOBODY;

  /** None yet; each is waited for {@code deadline}, in nanoseconds. */
  NewClusters(long deadline) {
    this.deadline = deadline;
  }

  /** A publication has changed {@code names}. */
  void published(TypeSubscription clusters, SnapshotDiff.Names names, long now) {
    if (names.changed().isEmpty() && names.removed().isEmpty()) {
      return;
    }
    Map<String, Long> left = new HashMap<>(unsent);
    for (String name : names.changed()) {
      if (clusters.subscribes(name) && !clusters.sent.contains(name)) {
        left.put(name, now + deadline);
      }
    }
    left.keySet().removeAll(names.removed());
    unsent = left.isEmpty() ? Map.of() : left;
  }

  /** A response of clusters was sent; it holds all that there is. */
  void sent(TypeSubscription.Sending sending, long now) {
    if (sending.adds()) {
      unanswered = unsent.isEmpty() ? now + deadline : unsentUntil();
    }
    unsent = Map.of();
  }

  /** A response of clusters was answered. */
  void answered(Reply reply, TypeSubscription clusters) {
    if (reply instanceof Reply.Nack) {
      refused = Math.max(refused, unanswered);
      unanswered = NOBODY;
    } else if (reply instanceof Reply.Ack) {
      unanswered = NOBODY;
      refused = clusters.refused.isEmpty() ? NOBODY : refused;
    }
  }

  /** Until when routes wait; at most {@code now} when they need not. */
  long awaitedUntil(long now) {
    return Math.max(Math.max(now, refused), Math.max(unanswered, unsentUntil()));
  }

  /** The oldest wait counts, or a steady flow of new clusters would hold routes back for ever. */
  private long unsentUntil() {
    return unsent.values().stream().mapToLong(Long::longValue).min().orElse(NOBODY);
  }
}
