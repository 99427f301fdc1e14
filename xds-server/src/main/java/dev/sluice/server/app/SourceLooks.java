package dev.sluice.server.app;

import dev.sluice.catalog.SourceName;
import dev.sluice.source.Source;
import dev.sluice.source.SourceStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the sources are, as far as what they told is out.
 *
 * @param sources all of them
 * @param told what each told last of itself
 * @param isSynced whether all of them told what they had at the start
 * @param started since when the server runs
 */
record SourceLooks(
    List<Source> sources,
    Supplier<Map<SourceName, SourceStatus>> told,
    BooleanSupplier isSynced,
    Instant started)
    implements Supplier<List<SourceStatus>> {
  @Override
  public List<SourceStatus> get() {
    Map<SourceName, SourceStatus> statuses = told.get();
    return sources.stream()
        .map(Source::name)
        .map(source -> status(source, statuses.get(source)))
        .toList();
  }

  private SourceStatus status(SourceName source, @Nullable SourceStatus last) {
    return last != null && isSynced.getAsBoolean() ? last : starting(source, last);
  }

  /** A source is not done starting before what it told is on its way to the proxies. */
  private SourceStatus starting(SourceName source, @Nullable SourceStatus last) {
    return new SourceStatus(
        source,
        SourceStatus.State.STARTING,
        started,
        last == null ? null : last.message(),
        last == null ? List.of() : last.problems());
  }
}
