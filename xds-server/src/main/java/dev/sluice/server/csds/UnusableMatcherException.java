package dev.sluice.server.csds;

/** A matcher that cannot be applied, with where it is and why. */
final class UnusableMatcherException extends Exception {
  private static final long serialVersionUID = 1;

  UnusableMatcherException(String message) {
    super(message);
  }
}
