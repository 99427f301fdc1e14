package dev.sluice.server.rollout;

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
    /** Proxies are on their way back after a restart of the server. */
    RESTART;

    /** Whether it stays before somebody does something. */
    public boolean isLasting() {
      return switch (this) {
        case REJECTED, UNREADABLE -> true;
        case ROLLBACK, PENDING, EDITED, RESTART -> false;
      };
    }
  }
}
