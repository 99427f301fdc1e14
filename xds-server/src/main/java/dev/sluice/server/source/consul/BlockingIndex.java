package dev.sluice.server.source.consul;

/**
 * The index with which a blocking query waits, by Consul's rules for those who implement them
 * ("Blocking Queries", implementation details).
 *
 * @param value 0 for an answer at once
 */
record BlockingIndex(long value) {
  /** That of what was never read. */
  static final BlockingIndex NONE = new BlockingIndex(0);

  /**
   * The index after an answer: from the beginning where it went backwards, and never below 1, which
   * would make the query one that does not wait.
   */
  BlockingIndex after(long answered) {
    return isBackwards(answered) ? NONE : new BlockingIndex(Math.max(1, answered));
  }

  /** Whether Consul knows less than it did, as after a snapshot was restored. */
  boolean isBackwards(long answered) {
    return answered < value && value > 1;
  }
}
