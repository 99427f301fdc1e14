package dev.sluice.server.rollout.analysis;

import java.util.Objects;

/** What an analysis says of the step that is held. */
public sealed interface Measured {
  /** Nothing is measured. */
  record Nothing() implements Measured {}

  /**
   * Not everything that is asked has been answered yet, or its last answer was bad.
   *
   * @param words what it waits for
   */
  record Pending(String words) implements Measured {
    public Pending {
      Objects.requireNonNull(words);
    }
  }

  /** All that is asked is good. */
  record Good() implements Measured {}

  /**
   * It failed as often as may be.
   *
   * @param words what, with its values
   */
  record Failed(String words) implements Measured {
    public Failed {
      Objects.requireNonNull(words);
    }
  }

  /**
   * There has been no answer for too long.
   *
   * @param words why
   */
  record Inconclusive(String words) implements Measured {
    public Inconclusive {
      Objects.requireNonNull(words);
    }
  }
}
