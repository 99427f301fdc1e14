package dev.sluice.spec;

/** What becomes of a request when the service that is to judge it does not answer. */
public enum OnError {
  /** It is refused (503). */
  DENY,
  /** It passes. */
  ALLOW
}
