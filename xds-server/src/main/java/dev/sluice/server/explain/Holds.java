package dev.sluice.server.explain;

import java.util.List;
import java.util.Objects;

/**
 * Whether a condition holds for a request, and why.
 *
 * @param answer the answer
 * @param because the reason, for people to read
 */
public record Holds(Answer answer, String because) {
  /** The answers there are. */
  public enum Answer {
    YES,
    NO,
    /** It depends on what is not known here. */
    CANNOT_TELL
  }

  public Holds {
    Objects.requireNonNull(answer);
    Objects.requireNonNull(because);
  }

  static Holds yes(String because) {
    return new Holds(Answer.YES, because);
  }

  static Holds no(String because) {
    return new Holds(Answer.NO, because);
  }

  static Holds cannotTell(String because) {
    return new Holds(Answer.CANNOT_TELL, because);
  }

  static Holds of(boolean holds, String because) {
    return holds ? yes(because) : no(because);
  }

  /** Whether all of {@code conditions} hold: the first that does not decides. */
  static Answer all(List<Holds> conditions) {
    boolean doubtful = false;
    for (Holds condition : conditions) {
      switch (condition.answer()) {
        case NO -> {
          return Answer.NO;
        }
        case CANNOT_TELL -> doubtful = true;
        case YES -> {}
      }
    }
    return doubtful ? Answer.CANNOT_TELL : Answer.YES;
  }
}
