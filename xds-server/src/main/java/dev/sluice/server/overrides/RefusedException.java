package dev.sluice.server.overrides;

import java.util.Objects;

/** Why nothing was written, told to the person who asked: one message that says what to do. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What kind of a no it is. */
  public enum Why {
    /** What was asked makes no sense. */
    WRONG,
    /** The service or the instance is not known. */
    UNKNOWN,
    /** It would do harm, or could mean several things. */
    CONFLICT,
    /** The server is told not to write. */
    FORBIDDEN,
    /** The store does not take it. */
    STORE,
    /** Not now: not everything is known yet. */
    UNAVAILABLE
  }

  private final Why why;

  public RefusedException(Why why, String message) {
    super(Objects.requireNonNull(message), null, false, false);
    this.why = why;
  }

  /** What kind of a no it is. */
  public Why why() {
    return why;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
