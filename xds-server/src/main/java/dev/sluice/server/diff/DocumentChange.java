package dev.sluice.server.diff;

import dev.sluice.spec.DocumentKey;

/**
 * What would become of a document.
 *
 * @param key the document
 * @param what became of it
 * @param place where it is, or was
 */
public record DocumentChange(DocumentKey key, What what, String place) {
  /** What may become of a document or a resource. */
  public enum What {
    ADDED,
    CHANGED,
    REMOVED,
    /** It is the same already. */
    SAME
  }
}
