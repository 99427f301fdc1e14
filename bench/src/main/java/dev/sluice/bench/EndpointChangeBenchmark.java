package dev.sluice.bench;

import dev.sluice.server.snapshot.Revision;
import dev.sluice.source.SourceEntry;
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

  private final SidecarPipeline pipeline = new SidecarPipeline();
  private int changes;

  /** Folds the mesh and builds the sidecar's first snapshot. */
  @Setup(Level.Trial)
  public void start() {
    pipeline.start(Mesh.entries(services));
  }

  /** One change, from the source's word to the published difference. */
  @Benchmark
  public Revision endpointChange() {
    changes++;
    return pipeline.change(new SourceEntry.OfService(Mesh.service(changes % services, changes)));
  }
}
