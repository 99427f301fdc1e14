package dev.sluice.server.source;

import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Problem;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.source.SourceSink;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Synced;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sink that keeps all it is told, and folds it. */
public final class RecordingSink implements SourceSink {

  private final List<List<SourceUpdate>> batches = new ArrayList<>();
  private final List<CatalogImage> images = new ArrayList<>();
  private final List<SourceStatus> statuses = new ArrayList<>();
  private CatalogImage image = CatalogImage.EMPTY;

  @Override
  public synchronized void accept(SourceName source, List<SourceUpdate> updates) {
    batches.add(List.copyOf(updates));
    image = image.apply(source, updates).image();
    images.add(image);
  }

  @Override
  public synchronized void status(SourceStatus status) {
    statuses.add(status);
  }

  /** All lists of updates so far. */
  public synchronized List<List<SourceUpdate>> batches() {
    return List.copyOf(batches);
  }

  /** All updates so far, in order. */
  public synchronized List<SourceUpdate> updates() {
    return batches.stream().flatMap(List::stream).toList();
  }

  /** The image after each list of updates. */
  public synchronized List<CatalogImage> images() {
    return List.copyOf(images);
  }

  /** What all updates amount to. */
  public synchronized CatalogImage image() {
    return image;
  }

  /** Whether the source has told all it knew. */
  public synchronized boolean isSynced() {
    return updates().stream().anyMatch(Synced.class::isInstance);
  }

  /** All statuses so far. */
  public synchronized List<SourceStatus> statuses() {
    return List.copyOf(statuses);
  }

  /** The newest status. */
  public synchronized @Nullable SourceStatus status() {
    return statuses.isEmpty() ? null : statuses.getLast();
  }

  /** The problems of the newest status, as the user reads them. */
  public List<String> problems() {
    SourceStatus status = status();
    return status == null ? List.of() : status.problems().stream().map(Problem::toString).toList();
  }
}
