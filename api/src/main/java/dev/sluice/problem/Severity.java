package dev.sluice.problem;

/** How bad a {@link Problem} is. */
public enum Severity {
  /** The document is not applied; its last good version stays live. */
  ERROR,
  /** The document is applied; its author should look again. */
  WARNING
}
