package dev.sluice.server.diff;

import dev.sluice.catalog.SourceName;
import dev.sluice.spec.DocumentKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What somebody may do with documents.
 *
 * @param texts the documents as they would be
 * @param delete documents that would be gone
 * @param source where new documents would be, and what {@code rest} is about; empty where that is
 *     to be found
 * @param rest what becomes of the documents that are not among the texts
 */
public record DiffRequest(
    List<CandidateText> texts, List<DocumentKey> delete, Optional<SourceName> source, Rest rest) {
  public DiffRequest {
    texts = List.copyOf(texts);
    delete = List.copyOf(delete);
    Objects.requireNonNull(source);
    Objects.requireNonNull(rest);
  }

  /** What becomes of the others. */
  public enum Rest {
    /** They stay. */
    KEPT,
    /** Those of the source are gone: the texts are all that it would have. */
    GONE
  }
}
