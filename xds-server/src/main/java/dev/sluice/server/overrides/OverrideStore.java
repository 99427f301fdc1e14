package dev.sluice.server.overrides;

import dev.sluice.catalog.SourceName;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride;
import java.util.Optional;

/** Where a source keeps documents, and InstanceOverrides can be written. Any thread may use it. */
public interface OverrideStore extends AutoCloseable {
  /** The source that reads what is written here. */
  SourceName source();

  /**
   * Where a document is, or would be, as people call it: a file, a key, an object.
   *
   * @param before the document, where the source has read it
   * @param beside the file of a document of this source near which it would best be
   */
  String place(DocumentKey key, Optional<InstanceOverride> before, Optional<String> beside);

  /**
   * Writes a document, over an earlier one that {@code sluice drain} wrote.
   *
   * @param before the earlier one, where the source has read it
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
   * Removes a document that {@code sluice drain} wrote.
   *
   * @throws RefusedException when it stays
   */
  void remove(InstanceOverride written);

  /** Ends what reaches the store. */
  @Override
  void close();
}
