package dev.sluice.server.source.kubernetes;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether what a cluster told is current, and why not; of the source's thread. */
final class ClusterHealth {
  /** A watch that the API server has ended is begun again within this, and nothing is amiss. */
  private static final Duration RENEWAL = Duration.ofSeconds(2);

  /**
   * After this the API server is asked for its words, so that they are there once they are told.
   */
  private static final Duration DOUBT = RENEWAL.dividedBy(2);

  private static final Duration BETWEEN_PROBES = Duration.ofSeconds(2);

  private static final String READING = "reading the cluster";
  private static final String READING_SECRETS = "reading the secrets that documents name";

  private final Touched touched;
  private @Nullable Long downSince;
  private long probedAt;
  private volatile boolean probing;
  private volatile String words = "";

  ClusterHealth(Touched touched) {
    this.touched = touched;
  }

  /** Why what was told is not current, or why nothing was told yet; empty when all is well. */
  Optional<String> look(ClusterFacts facts, boolean synced, long now) {
    facts.check(now);
    List<Watched<?>> wrong =
        facts
            .watched()
            .filter(one -> !facts.mayBeMissing(one))
            .filter(one -> synced ? !one.isLive() : !one.isListed())
            .toList();
    if (wrong.isEmpty()) {
      downSince = null;
      words = "";
      return synced ? Optional.empty() : Optional.of(facts.isListed() ? READING : READING_SECRETS);
    }
    if (downSince == null || !synced) {
      downSince = now; // The watches begin once everything is listed.
    }
    long down = now - downSince;
    boolean doubtful = synced && down >= DOUBT.toNanos();
    if (doubtful && !probing && now - probedAt >= BETWEEN_PROBES.toNanos()) {
      probing = true;
      probedAt = now;
      var _ = Thread.ofVirtual().start(() -> probe(wrong));
    }
    if (synced && down < RENEWAL.toNanos()) {
      return Optional.empty();
    }
    return Optional.of(message(wrong, synced ? "the API server takes no watch again" : READING));
  }

  private String message(List<Watched<?>> wrong, String missing) {
    String newest = words;
    if (!newest.isEmpty()) {
      return newest;
    }
    String failures =
        wrong.stream()
            .flatMap(one -> one.failure().stream())
            .map(Failure::message)
            .distinct()
            .collect(Collectors.joining("; "));
    return failures.isEmpty() ? missing : failures;
  }

  /** Asks the API server for what cannot be watched, to have its words, or the connection's. */
  private void probe(List<Watched<?>> wrong) {
    try {
      words =
          wrong.stream()
              .flatMap(one -> one.refusal().stream())
              .map(Failure::message)
              .findFirst()
              .orElse("");
    } finally {
      probing = false;
      touched.wake();
    }
  }
}
