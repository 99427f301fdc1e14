package dev.sluice.server.rollout;

import java.util.Objects;

/** What became of something that was asked of a rollout. */
public sealed interface Asked {
  /**
   * It is done.
   *
   * @param state how the rollout stands now
   */
  record Done(RolloutState state) implements Asked {
    public Done {
      Objects.requireNonNull(state);
    }
  }

  /**
   * It is not done.
   *
   * @param why for people to read
   */
  record Refused(String why) implements Asked {
    public Refused {
      Objects.requireNonNull(why);
    }
  }
}
