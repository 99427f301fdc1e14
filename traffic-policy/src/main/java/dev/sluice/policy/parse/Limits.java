package dev.sluice.policy.parse;

/** How much one text may hold, so that no text can exhaust the server. */
final class Limits {
  /** Characters; four times what a ConfigMap holds. */
  static final int CHARACTERS = 4 << 20;

  /** Values, counting those that aliases repeat; 10,000 static endpoints are about 100,000. */
  static final int VALUES = 1_000_000;

  /** Documents. */
  static final int DOCUMENTS = 10_000;

  /** Mappings and lists within each other; the deepest document has ten. */
  static final int DEPTH = 50;

  private Limits() {}
}
