package dev.sluice.server.webhook;

/** A request that is no AdmissionReview; the message says what it lacks. */
final class IllegibleReviewException extends Exception {
  private static final long serialVersionUID = 1;

  IllegibleReviewException(String message) {
    super(message);
  }
}
