package dev.sluice.server.rollback;

import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What somebody wants to go back to.
 *
 * @param revision its number
 * @param services whose policies alone, {@code name} where one namespace alone has it, or {@code
 *     name.namespace}; empty for all, and Gateways too
 * @param expiresIn after which it ends by itself
 * @param reason why, or empty
 * @param by who, as they say
 * @param from where the request came from
 */
public record RollbackRequest(
    long revision,
    SortedSet<String> services,
    Duration expiresIn,
    String reason,
    String by,
    String from) {
  /** How long it holds unless it is said. */
  public static final Duration DEFAULT_LENGTH = Duration.ofHours(1);

  /** How long it may hold. */
  public static final Duration LONGEST = Duration.ofHours(24);

  public RollbackRequest {
    services = Collections.unmodifiableSortedSet(new TreeSet<>(services));
    Objects.requireNonNull(expiresIn);
    Objects.requireNonNull(reason);
    Objects.requireNonNull(by);
    Objects.requireNonNull(from);
  }
}
