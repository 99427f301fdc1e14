package dev.sluice.bench;

import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.catalog.Change;
import dev.sluice.server.catalog.Folded;
import dev.sluice.server.pipeline.Pipeline;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.snapshot.SnapshotStore;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceUpdate;
import dev.sluice.spec.Resilience;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeSet;

/** All that stands between a source and a sidecar that is sent the whole mesh, in one thread. */
final class SidecarPipeline {
  private final SnapshotStore store = new SnapshotStore();
  private final Pipeline pipeline =
      new Pipeline(
          Resilience.NONE, store, Runnable::run, InstantSource.system(), (when, task) -> {});
  private CatalogImage image = CatalogImage.EMPTY;

  /** Folds the mesh and builds the sidecar's first snapshot. */
  void start(List<SourceEntry> mesh) {
    store.demand(pipeline);
    store.watch(Mesh.sidecar(), (_, _) -> {});
    fold(List.of(new SourceUpdate.Replace(mesh), new SourceUpdate.Synced()));
    pipeline.synced();
  }

  /** One change, from the source's word to the published difference. */
  Revision change(SourceEntry entry) {
    fold(List.of(new SourceUpdate.Upsert(entry)));
    List<Revision> revisions = store.revisions();
    return revisions.get(revisions.size() - 1);
  }

  private void fold(List<SourceUpdate> updates) {
    Folded folded = image.apply(Mesh.SOURCE, updates);
    image = folded.image();
    pipeline.changed(
        new Change(
            folded.catalog(),
            folded.documents(),
            folded.secrets(),
            new Change.Causes(new TreeSet<>(), new TreeSet<>(), Instant.EPOCH)));
  }
}
