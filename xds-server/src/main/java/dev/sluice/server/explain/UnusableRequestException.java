package dev.sluice.server.explain;

/** Why a question cannot be answered as it was asked, with what to ask instead. */
public final class UnusableRequestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What is wrong with the question. */
  public enum Why {
    /** It makes no sense. */
    WRONG,
    /** It names what is not there. */
    UNKNOWN
  }

  private final Why why;

  UnusableRequestException(Why why, String message) {
    super(message, null, false, false);
    this.why = why;
  }

  static UnusableRequestException wrong(String message) {
    return new UnusableRequestException(Why.WRONG, message);
  }

  static UnusableRequestException unknown(String message) {
    return new UnusableRequestException(Why.UNKNOWN, message);
  }

  /** What is wrong with the question. */
  public Why why() {
    return why;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
