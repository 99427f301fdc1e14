package dev.sluice.server.overrides;

import dev.sluice.catalog.SourceName;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Where a source keeps documents, and InstanceOverrides can be written. Any thread may use it. */
public interface OverrideStore extends AutoCloseable {
  /** The source that reads what is written here. */
  SourceName source();

  /**
   * Where a document is, or would be, as people call it: a file, a key, an object.
   *
   * @param before the document, where it is there already
   * @param beside the file of a document of this source near which it would best be
   */
  String place(DocumentKey key, Optional<InstanceOverride> before, Optional<String> beside);

  /**
   * Writes a document, over an earlier one that {@code sluice drain} wrote.
   *
   * @param before the earlier one, where it is there already
   * @param beside the file of a document of this source near which it would best be
   * @return as it was written, which may be other than what was given
   * @throws RefusedException when it was not written
   */
  Drain write(Drain drain, Optional<InstanceOverride> before, Optional<String> beside);

  /** The document, as it is kept here. */
  default String text(Drain drain) {
    return drain.yaml();
  }

  /**
   * What {@code sluice drain} wrote, as it is kept by now, whether or not the source has read it.
   *
   * @param namespace that of the documents
   * @param known those that the source has read: people may have moved them
   * @throws RefusedException when it cannot be seen
   */
  List<InstanceOverride> drains(String namespace, Collection<InstanceOverride> known);

  /** What a removal came upon. */
  enum Removal {
    /** The document, which is removed. */
    REMOVED,
    /** Nothing: somebody else was faster. */
    GONE_ALREADY
  }

  /**
   * Removes a document that {@code sluice drain} wrote.
   *
   * @throws RefusedException when it stays
   */
  Removal remove(InstanceOverride written);

  /** Ends what reaches the store. */
  @Override
  void close();
}
