package dev.sluice.server.source.consul;

import dev.sluice.catalog.SourceName;
import dev.sluice.server.demand.Demand;
import dev.sluice.server.demand.Wants;
import dev.sluice.source.SourceEntry.OfDocument;
import dev.sluice.source.SourceEntry.OfDocumentKey;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.source.SourceUpdate.Upsert;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has a source watch only what is wanted, and tells what its own documents want; of the source's
 * thread.
 */
final class Wanting {
  private final SourceName source;
  private final @Nullable Demand demand;
  private boolean declared;
  private SortedSet<SourceName> awaited = new TreeSet<>();
  private @Nullable Wants seen;

  /**
   * Nothing was looked at.
   *
   * @param demand null where all services are wanted
   */
  Wanting(SourceName source, @Nullable Demand demand) {
    this.source = source;
    this.demand = demand;
  }

  /**
   * Has the watching know what is wanted.
   *
   * @param updates what became of its own documents since the last time
   */
  void look(Watching watching, List<SourceUpdate> updates, long now) {
    if (demand == null) {
      return;
    }
    boolean others = updates.stream().anyMatch(Wanting::isOfDocument);
    if (watching.areDocumentsRead() && (others || !declared)) {
      declared = true;
      demand.documents(source, watching.facts().documents(), now);
    }
    awaited = demand.awaited(); // Before what is wanted, or that could lack the last one's.
    seen = demand.current();
    watching.want(seen, now);
  }

  private static boolean isOfDocument(SourceUpdate update) {
    return update instanceof Upsert(OfDocument _) || update instanceof Remove(OfDocumentKey _);
  }

  /** Whether all is known that is wanted. */
  boolean isKnown() {
    return awaited.isEmpty();
  }

  /** What goes on until all is read. */
  String reading() {
    return awaited.isEmpty() || awaited.equals(new TreeSet<>(List.of(source)))
        ? "reading the services and documents"
        : awaited.stream()
            .filter(one -> !one.equals(source))
            .map(SourceName::toString)
            .collect(
                Collectors.joining(
                    ", ",
                    "waiting for the documents of ",
                    ", which tell what services are wanted"));
  }

  /** All was told that the watching has read. */
  void told(Watching watching) {
    if (demand != null && seen != null) {
      demand.read(source, seen.version(), watching.unread());
    }
  }
}
