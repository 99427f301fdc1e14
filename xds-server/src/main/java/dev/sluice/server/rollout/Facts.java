package dev.sluice.server.rollout;

import dev.sluice.server.rollout.analysis.Measured;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * All that a rollout looks at, at one moment.
 *
 * @param now the moment
 * @param versions the declared versions with their instances
 * @param confirmation how proxies are with the shares that are in force; empty while the server
 *     itself does not serve them yet
 * @param measured what the analysis says
 * @param behindSince since when each of the proxies that have not acknowledged them has been
 *     behind, at the latest
 */
public record Facts(
    Instant now,
    SortedMap<String, Readiness> versions,
    Optional<Confirmation> confirmation,
    Measured measured,
    Instant behindSince) {
  public Facts {
    Objects.requireNonNull(now);
    versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    Objects.requireNonNull(confirmation);
    Objects.requireNonNull(measured);
    Objects.requireNonNull(behindSince);
  }

  /** With nobody known to have been behind before. */
  public Facts(
      Instant now,
      SortedMap<String, Readiness> versions,
      Optional<Confirmation> confirmation,
      Measured measured) {
    this(now, versions, confirmation, measured, now);
  }

  /** The same with what more proxies have acknowledged, or with that not known. */
  Facts with(Optional<Confirmation> other) {
    return new Facts(now, versions, other, measured, behindSince);
  }

  /** The same with how long proxies have been behind. */
  Facts with(Lateness lateness) {
    Instant since = lateness.since(confirmation.orElse(Confirmation.OF_NONE), now);
    return new Facts(now, versions, confirmation, measured, since);
  }

  /** Those that do not use the shares that are in force, as far as is known. */
  SortedSet<String> behind() {
    return confirmation.orElse(Confirmation.OF_NONE).behind();
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
