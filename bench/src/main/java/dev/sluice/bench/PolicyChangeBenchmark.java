package dev.sluice.bench;

import dev.sluice.server.snapshot.Revision;
import dev.sluice.source.SourceEntry;
import java.util.ArrayList;
import java.util.List;
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

  private final SidecarPipeline pipeline = new SidecarPipeline();
  private int changes;

  /** Folds the mesh and builds the sidecar's first snapshot. */
  @Setup(Level.Trial)
  public void start() {
    List<SourceEntry> entries = new ArrayList<>();
    for (int i = 0; i < services; i++) {
      entries.add(new SourceEntry.OfService(Mesh.service(i, 0)));
      entries.add(policy(i, 90, 200));
    }
    pipeline.start(entries);
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
    return pipeline.change(policy(changes % services, weight, requests));
  }

  private static SourceEntry policy(int service, int weight, int requests) {
    String text = PolicyTexts.text(service, weight, requests);
    return new SourceEntry.OfDocument(PolicyTexts.document("service-" + service + ".yaml", text));
  }
}
