package dev.sluice.server.source.consul;

import dev.sluice.catalog.SourceName;
import dev.sluice.server.demand.ServiceDemand;
import dev.sluice.server.demand.Wants;
import dev.sluice.spec.Document;
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
  private final @Nullable ServiceDemand demand;
  private @Nullable List<Document> declared;
  private SortedSet<SourceName> awaited = new TreeSet<>();
  private @Nullable Wants seen;

  /**
   * Nothing was looked at.
   *
   * @param demand null where all services are wanted
   */
  Wanting(SourceName source, @Nullable ServiceDemand demand) {
    this.source = source;
    this.demand = demand;
  }

  /**
   * Has the watching know what is wanted.
   *
   * @param complete whether everything was told once: from then on its documents are heard on their
   *     way, and before only here
   */
  void look(Watching watching, boolean complete, long now) {
    if (demand == null) {
      return;
    }
    if (!complete && watching.areDocumentsRead()) {
      List<Document> documents = watching.facts().documents();
      if (!documents.equals(declared)) {
        declared = documents;
        demand.documents(source, documents, now);
      }
    }
    awaited = demand.awaited(); // Before what is wanted, or that could lack the last one's.
    seen = demand.current();
    watching.want(seen, now);
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

  /** All was told that the watching has read by now. */
  void told(Watching watching) {
    if (demand != null && seen != null) {
      demand.read(source, seen.version(), watching.unread());
    }
  }
}
