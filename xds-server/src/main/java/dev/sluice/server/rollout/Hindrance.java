package dev.sluice.server.rollout;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * What keeps a rollout from going on beside the rollout itself.
 *
 * @param kind what it comes from
 * @param words what it is and what ends it, for people to read
 */
public record Hindrance(Kind kind, String words) {
  public Hindrance {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(words);
  }

  /** That of something kept at {@code home}. */
  static Hindrance unreadable(Home home) {
    return new Hindrance(
        Kind.UNREADABLE,
        "how it stands cannot be read in %s; the log says what to do".formatted(home));
  }

  /** That of a store that takes nothing. */
  static Hindrance unkept(String why) {
    return new Hindrance(Kind.UNKEPT, "it cannot be kept how it stands, so it waits: " + why);
  }

  /** That of proxies which count from {@code when} on. */
  static Hindrance restart(Instant when) {
    return new Hindrance(
        Kind.RESTART,
        "waits until %s for proxies that come back after the start of the server"
            .formatted(when.truncatedTo(ChronoUnit.SECONDS)));
  }

  /** What keeps rollouts from going on. */
  public enum Kind {
    /** An earlier revision is pinned, in which the policy is another one. */
    ROLLBACK,
    /** The policy has no effect before somebody edits it, or another one. */
    REJECTED,
    /** The policy has no effect yet: its service is not there. */
    PENDING,
    /** The newest edition is not in force yet. */
    EDITED,
    /** It cannot be read how it stands. */
    UNREADABLE,
    /** It cannot be kept how it stands. */
    UNKEPT,
    /** Proxies are on their way back after a restart of the server. */
    RESTART;

    /** Whether it stays before somebody does something. */
    public boolean isLasting() {
      return switch (this) {
        case REJECTED, UNREADABLE -> true;
        case ROLLBACK, PENDING, EDITED, UNKEPT, RESTART -> false;
      };
    }
  }
}
