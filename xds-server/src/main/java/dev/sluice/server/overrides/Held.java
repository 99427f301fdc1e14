package dev.sluice.server.overrides;

import dev.sluice.catalog.SourceName;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.InstanceOverride.State;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An InstanceOverride that is about an instance.
 *
 * @param document as it was read
 * @param source where it is kept; empty where it is going
 * @param edition what tells it from another edition of it
 */
public record Held(InstanceOverride document, Optional<SourceName> source, String edition) {
  public Held {
    Objects.requireNonNull(document);
    Objects.requireNonNull(source);
    Objects.requireNonNull(edition);
  }

  /** Its name and namespace. */
  public DocumentKey key() {
    return document.key();
  }

  /** Whether {@code sluice drain} wrote it, so that {@code sluice restore} removes it. */
  public boolean isDrain() {
    return Drain.wrote(document);
  }

  /** Whether it keeps requests away at that time. */
  boolean takesAway(Instant now) {
    State state = document.spec().state();
    boolean over = document.expiresAt().filter(end -> !end.isAfter(now)).isPresent();
    return !over && (state == State.OUT || state == State.DRAIN);
  }

  /** Where it was read. */
  public String place() {
    return document.origin().start().toString();
  }

  /** When it ends by itself. */
  public Optional<Instant> expiresAt() {
    return document.expiresAt();
  }
}
