package dev.sluice.server.rollout;

import java.util.Objects;

/** What an analysis says of the step that is held. */
public sealed interface Measured {
  /** Nothing is measured. */
  record Nothing() implements Measured {}

  /** It has not been measured yet, or not often enough after a failure. */
  record Pending() implements Measured {}

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
