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
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One instance of one service gets another address: fold, attach, translate, encode, diff and
 * publish, for a sidecar that is sent the whole mesh. The address is new each time, so that no
 * cache has seen it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class EndpointChangeBenchmark {
  /** How many services the mesh has, of ten instances each. */
  @Param({"1000", "10000"})
  public int services;

  private final SnapshotStore store = new SnapshotStore();
  private final Pipeline pipeline =
      new Pipeline(
          Resilience.NONE, store, Runnable::run, InstantSource.system(), (when, task) -> {});
  private CatalogImage image = CatalogImage.EMPTY;
  private int changes;

  /** Folds the mesh and builds the sidecar's first snapshot. */
  @Setup(Level.Trial)
  public void start() {
    store.demand(pipeline);
    store.watch(Mesh.sidecar(), (_, _) -> {});
    fold(List.of(new SourceUpdate.Replace(Mesh.entries(services)), new SourceUpdate.Synced()));
    pipeline.synced();
  }

  /** One change, from the source's word to the published difference. */
  @Benchmark
  public Revision endpointChange() {
    changes++;
    fold(
        List.of(
            new SourceUpdate.Upsert(
                new SourceEntry.OfService(Mesh.service(changes % services, changes)))));
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
            new Change.Causes(new TreeSet<>(), new TreeSet<>(), Instant.EPOCH)));
  }
}
