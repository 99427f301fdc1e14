package dev.sluice.server.pipeline;

import dev.sluice.server.catalog.Change;
import dev.sluice.server.snapshot.Revision;
import java.time.Instant;

/**
 * A revision with the times of the stages that it went through.
 *
 * @param revision of some groups at least
 * @param causes what brought it about; its {@code firstSeen} is when a source told of it
 * @param began when the pipeline took the change
 * @param attached when it was known what holds for each service
 * @param translated when the groups' resources were made
 * @param ended when the snapshots were out
 */
public record Published(
    Revision revision,
    Change.Causes causes,
    Instant began,
    Instant attached,
    Instant translated,
    Instant ended) {
  /** Who is told of revisions, on the pipeline's thread; it must not wait. */
  @FunctionalInterface
  public interface Listener {
    /** Listens to nothing. */
    Listener NONE = published -> {};

    /** A revision is out. */
    void published(Published published);
  }
}
