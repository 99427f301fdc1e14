package dev.sluice.server.catalog;

/** How soon a change has to reach the proxies, from the least to the most urgent. */
public enum Urgency {
  /** Nothing changed. */
  NONE,
  /** Something was added, or is better than it was: it may wait to be told with its like. */
  MAY_WAIT,
  /** Something went away, or is not as good as it was, or a document was edited. */
  AT_ONCE;

  /** The more urgent of the two. */
  Urgency or(Urgency other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
