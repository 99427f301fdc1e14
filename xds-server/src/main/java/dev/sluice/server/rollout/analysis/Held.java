package dev.sluice.server.rollout.analysis;

import dev.sluice.catalog.ServiceId;
import dev.sluice.spec.Percent;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A step of a canary that is held, and is to be measured.
 *
 * @param service whose canary it is
 * @param from the version that has the traffic
 * @param to the version that is measured
 * @param cluster the name of the Cluster of {@code to}
 * @param statName what the statistics of that Cluster are named by
 * @param reached how many steps it has come to: none where an edit left it below the first
 * @param shares how the traffic is divided
 * @param begun when the rollout began
 * @param paused since when it goes no further; empty while it does
 */
public record Held(
    ServiceId service,
    String from,
    String to,
    String cluster,
    String statName,
    int reached,
    SortedMap<String, Percent> shares,
    Instant begun,
    Optional<Instant> paused) {
  public Held {
    Objects.requireNonNull(service);
    Objects.requireNonNull(from);
    Objects.requireNonNull(to);
    Objects.requireNonNull(cluster);
    Objects.requireNonNull(statName);
    shares = Collections.unmodifiableSortedMap(new TreeMap<>(shares));
    Objects.requireNonNull(begun);
    Objects.requireNonNull(paused);
  }

  /** The number of the step, from 1. */
  int step() {
    return Math.max(1, reached);
  }

  /** Whether any of the traffic goes to the version that is measured. */
  boolean hasTraffic() {
    Percent share = shares.get(to);
    return share != null && share.millionths() > 0;
  }

  /** Whether this is what was held {@code before}, and nobody resumed it in between. */
  boolean isStill(Held before) {
    boolean isResumed = before.paused.isPresent() && !before.paused.equals(paused);
    return !isResumed && hasTraffic() == before.hasTraffic() && before.like(this).equals(this);
  }

  /** Shares may change within a step, as its instances come and go. */
  private Held like(Held other) {
    return new Held(
        service, from, to, cluster, statName, reached, other.shares, begun, other.paused);
  }
}
