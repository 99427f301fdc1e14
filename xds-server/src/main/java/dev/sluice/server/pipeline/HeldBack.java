package dev.sluice.server.pipeline;

import dev.sluice.spec.DocumentKey;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

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

  /** Which documents these are. */
  public static Set<DocumentKey> keys(List<HeldBack> all) {
    return all.stream().map(HeldBack::key).collect(Collectors.toUnmodifiableSet());
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
