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
import java.util.ArrayList;
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
 * One policy changes: fold, attach, translate, check, encode, diff and publish, for a sidecar that
 * is sent the whole mesh. What it says is new each time, so that no cache has seen it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PolicyChangeBenchmark {
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
    List<SourceEntry> entries = new ArrayList<>();
    for (int i = 0; i < services; i++) {
      String text = PolicyTexts.text(i, 90, 200);
      entries.add(new SourceEntry.OfService(Mesh.service(i, 0)));
      entries.add(new SourceEntry.OfDocument(PolicyTexts.document("service-" + i + ".yaml", text)));
    }
    fold(List.of(new SourceUpdate.Replace(entries), new SourceUpdate.Synced()));
    pipeline.synced();
  }

  /** Other limits: the service's Clusters change. */
  @Benchmark
  public Revision clusters() {
    changes++;
    return change(90, 200 + changes);
  }

  /** Another share: the service's virtual host changes, and with it the RouteConfiguration. */
  @Benchmark
  public Revision routes() {
    changes++;
    return change((changes / services) % 100, 200);
  }

  private Revision change(int weight, int requests) {
    int number = changes % services;
    String text = PolicyTexts.text(number, weight, requests);
    fold(
        List.of(
            new SourceUpdate.Upsert(
                new SourceEntry.OfDocument(
                    PolicyTexts.document("service-" + number + ".yaml", text)))));
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
