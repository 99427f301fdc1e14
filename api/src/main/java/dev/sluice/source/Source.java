package dev.sluice.source;

import dev.sluice.catalog.SourceName;

/**
 * Something that knows services or documents: Kubernetes, Consul, files.
 *
 * <p>A source speaks on threads of its own and only by its {@link SourceSink}. It starts with a
 * {@link SourceUpdate.Replace} of all it knows (which may be nothing), says {@link
 * SourceUpdate.Synced} once, and from then on sends changes. When it loses its peer it sends
 * nothing: the last good state stays, and its {@link SourceStatus} says since when.
 */
public interface Source extends AutoCloseable {
  /** Which source this is; unique within a server. */
  SourceName name();

  /**
   * Starts watching; returns at once.
   *
   * @param sink where to tell what is seen; may be called from any thread, one call at a time
   */
  void start(SourceSink sink);

  /** Stops watching and ends the source's threads; nothing is told afterwards. */
  @Override
  void close();
}
