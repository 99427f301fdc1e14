package dev.sluice.server.pipeline;

import dev.sluice.spec.DocumentKey;
import java.util.Objects;

/**
 * A document that is otherwise in force than it is told, since an earlier revision is pinned.
 *
 * @param key the document
 * @param what is held back
 * @param place where it is told, or was
 */
public record HeldBack(DocumentKey key, What what, String place) {
  public HeldBack {
    Objects.requireNonNull(key);
    Objects.requireNonNull(what);
    Objects.requireNonNull(place);
  }

  /** What is held back. */
  public enum What {
    /** It is new, and not in force. */
    NEW,
    /** It is in force as it was. */
    EDITED,
    /** It is in force, though it is gone. */
    DELETED
  }
}
