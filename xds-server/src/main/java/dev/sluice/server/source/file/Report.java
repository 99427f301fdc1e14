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
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
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
  private boolean synced;

  Report(SourceName source, SourceSink sink) {
    this.source = source;
    this.sink = sink;
  }

  /** Whether what there is at the start was told. */
  boolean hasSynced() {
    return synced;
  }

  /** Tells what there is at the start. */
  void first(List<SourceEntry> entries) {
    LOG.info("{}: {} entries read at the start", source, entries.size());
    synced = true;
    sink.accept(source, List.of(new Replace(entries), new Synced()));
  }

  /** Tells what changed, if anything did. */
  void next(List<SourceUpdate> updates) {
    if (!updates.isEmpty()) {
      LOG.info("{}: {}", source, describe(updates));
      sink.accept(source, updates);
    }
  }

  /**
   * Tells what keeps the source from telling anything, if that is new.
   *
   * @param missing what could not be read, and a sentence of why
   */
  void starting(List<Problem> ofFiles, SortedMap<Path, String> missing, Instant now) {
    Set<Problem> problems = new TreeSet<>(ofFiles);
    missing.forEach(
        (path, why) -> problems.add(Problem.error(Location.ofFile(path.toString()), "$", why)));
    String why = String.join("; ", missing.values());
    if (status(State.STARTING, why, List.copyOf(problems), now)) {
      LOG.error("{} is not ready, and goes on trying: {}", source, why);
    }
  }

  /** Tells how the source is doing, if that is new. */
  void status(List<Problem> ofFiles, SortedMap<Path, String> unknown, Instant now) {
    List<Problem> problems = new ArrayList<>(ofFiles);
    unknown.forEach(
        (path, why) ->
            problems.add(
                Problem.warning(
                    Location.ofFile(path.toString()),
                    "$",
                    "the directory " + why + "; what was read there stays")));
    State state = unknown.isEmpty() ? State.SYNCED : State.STALE;
    String message =
        unknown.isEmpty()
            ? null
            : "the directory " + unknown.firstKey() + " " + unknown.firstEntry().getValue();
    List<Problem> before = last == null ? List.of() : last.problems();
    if (status(state, message, problems, now)) {
      log(Objects.requireNonNull(last).problems(), before);
    }
  }

  private boolean status(
      State state, @Nullable String message, List<Problem> problems, Instant now) {
    Instant since = last != null && last.state() == state ? last.since() : now;
    SourceStatus status = new SourceStatus(source, state, since, message, problems);
    boolean isNew = !status.equals(last);
    if (isNew) {
      last = status;
      sink.status(status);
    }
    return isNew;
  }

  private void log(List<Problem> problems, List<Problem> before) {
    if (problems.equals(before)) {
      return;
    }
    if (problems.isEmpty()) {
      LOG.info("{}: no problems any more", source);
    } else {
      String all = problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
      LOG.warn(
          "{}: {} problem(s); documents that were good before stay as they were: {}",
          source,
          problems.size(),
          all);
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
      case SourceEntry.SecretKey(var id) -> "secret " + id;
    };
  }
}
