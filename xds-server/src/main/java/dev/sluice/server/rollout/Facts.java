package dev.sluice.server.rollout;

import dev.sluice.server.rollout.analysis.Measured;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that a rollout looks at, at one moment.
 *
 * @param now the moment
 * @param versions the declared versions with their instances
 * @param confirmation how proxies are with the shares that are in force; empty while the server
 *     itself does not serve them yet
 * @param measured what the analysis says
 */
public record Facts(
    Instant now,
    SortedMap<String, Readiness> versions,
    Optional<Confirmation> confirmation,
    Measured measured) {
  public Facts {
    Objects.requireNonNull(now);
    versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    Objects.requireNonNull(confirmation);
    Objects.requireNonNull(measured);
  }

  /** The same with what more proxies have acknowledged, or with that not known. */
  Facts with(Optional<Confirmation> other) {
    return new Facts(now, versions, other, measured);
  }

  /** The instances of {@code version}. */
  Readiness of(String version) {
    return versions.getOrDefault(version, Readiness.NONE);
  }

  /** Whether all that gain by going from {@code before} to {@code after} have an instance. */
  boolean canCarry(Shares before, Shares after) {
    return after.gainers(before).stream().allMatch(version -> of(version).ready() > 0);
  }
}
