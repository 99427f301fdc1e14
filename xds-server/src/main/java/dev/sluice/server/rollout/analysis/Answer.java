package dev.sluice.server.rollout.analysis;

import java.util.Objects;

/** What came of asking once. */
sealed interface Answer {
  /** As it is to be. */
  record Good(String value) implements Answer {
    public Good {
      Objects.requireNonNull(value);
    }
  }

  /** Not as it is to be. */
  record Bad(String value) implements Answer {
    public Bad {
      Objects.requireNonNull(value);
    }
  }

  /** Neither: nobody said anything that could be judged. */
  record None(String why) implements Answer {
    public None {
      Objects.requireNonNull(why);
    }
  }
}
