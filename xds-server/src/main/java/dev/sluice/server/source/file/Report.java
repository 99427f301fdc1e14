package dev.sluice.server.source.file;

import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceSink;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceStatus.State;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.source.SourceUpdate.Replace;
import dev.sluice.source.SourceUpdate.Synced;
import dev.sluice.source.SourceUpdate.Upsert;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the sink and the log what changed, and nothing twice; confined to the source's thread. */
final class Report {

  private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);
  private static final int NAMED_AT_MOST = 5;

  private final SourceName source;
  private final SourceSink sink;
  private @Nullable SourceStatus last;

  Report(SourceName source, SourceSink sink) {
    this.source = source;
    this.sink = sink;
  }

  /** Tells what there is at the start. */
  void first(List<SourceEntry> entries) {
    LOG.info("{}: {} entries read at the start", source, entries.size());
    sink.accept(source, List.of(new Replace(entries), new Synced()));
  }

  /** Tells what changed, if anything did. */
  void next(List<SourceUpdate> updates) {
    if (!updates.isEmpty()) {
      LOG.info("{}: {}", source, describe(updates));
      sink.accept(source, updates);
    }
  }

  /** Tells how the source is doing, if that is new. */
  void status(List<Problem> ofFiles, SortedMap<Path, String> unknown, Instant now) {
    List<Problem> problems = new ArrayList<>(ofFiles);
    unknown.forEach(
        (path, why) ->
            problems.add(
                Problem.warning(Location.ofFile(path.toString()), "$", "the directory " + why)));
    State state = unknown.isEmpty() ? State.SYNCED : State.STALE;
    String message =
        unknown.isEmpty()
            ? null
            : "the directory " + unknown.firstKey() + " " + unknown.firstEntry().getValue();
    Instant since = last != null && last.state() == state ? last.since() : now;
    SourceStatus status = new SourceStatus(source, state, since, message, problems);
    if (!status.equals(last)) {
      log(status.problems());
      last = status;
      sink.status(status);
    }
  }

  private void log(List<Problem> problems) {
    List<Problem> before = last == null ? List.of() : last.problems();
    if (problems.equals(before)) {
      return;
    }
    if (problems.isEmpty()) {
      LOG.info("{}: no problems any more", source);
    } else {
      String all = problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
      LOG.warn("{}: {} problem(s), last good stays: {}", source, problems.size(), all);
    }
  }

  private static String describe(List<SourceUpdate> updates) {
    String named =
        updates.stream()
            .limit(NAMED_AT_MOST)
            .map(Report::describe)
            .collect(Collectors.joining(", "));
    int more = updates.size() - NAMED_AT_MOST;
    return more > 0 ? named + " and " + more + " more" : named;
  }

  private static String describe(SourceUpdate update) {
    return switch (update) {
      case Replace(List<SourceEntry> entries) -> entries.size() + " entries in all";
      case Upsert(SourceEntry entry) -> describe(entry.key()) + " set";
      case Remove(SourceEntry.Key key) -> describe(key) + " removed";
      case Synced() -> "synced";
    };
  }

  private static String describe(SourceEntry.Key key) {
    return switch (key) {
      case SourceEntry.ServiceKey(var id) -> "service " + id;
      case SourceEntry.OfDocumentKey(var document) -> document.toString();
    };
  }
}
