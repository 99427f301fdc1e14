package dev.sluice.source;

import dev.sluice.catalog.SourceName;
import java.util.List;

/** Where a {@link Source} tells what it sees. */
public interface SourceSink {
  /**
   * Takes updates that belong together: either all of them are visible or none.
   *
   * @param source who speaks
   * @param updates in order; an empty list is ignored
   */
  void accept(SourceName source, List<SourceUpdate> updates);

  /** Takes how the source is doing; the newest status counts. */
  void status(SourceStatus status);
}
