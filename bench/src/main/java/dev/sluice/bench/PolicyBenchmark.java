package dev.sluice.bench;

import dev.sluice.catalog.Catalog;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.server.pipeline.GroupRendering;
import dev.sluice.spec.Document;
import dev.sluice.spec.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/** A start with all policies: their texts to what holds, and that to a sidecar's resources. */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PolicyBenchmark {
  /** How many services there are, with a policy and ten instances each. */
  @Param("1000")
  public int services;

  private List<String> texts = List.of();
  private Catalog catalog = Catalog.EMPTY;
  private PolicyIndex index = PolicyIndex.of(Documents.EMPTY, Catalog.EMPTY);

  /** Prepares what is read. */
  @Setup(Level.Trial)
  public void prepare() {
    texts = PolicyTexts.all(services);
    catalog = Catalog.of(IntStream.range(0, services).mapToObj(i -> Mesh.service(i, 0)).toList());
    index = attached();
  }

  /** Parse, validate and attach all policies, in a running server. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @Warmup(iterations = 5, time = 2)
  @Measurement(iterations = 5, time = 2)
  @Fork(1)
  public PolicyIndex attachWarm() {
    return attached();
  }

  /** Translate, check and encode everything that a sidecar is sent, in a running server. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @Warmup(iterations = 5, time = 2)
  @Measurement(iterations = 5, time = 2)
  @Fork(1)
  public GroupRendering translateWarm() {
    return GroupRendering.of(Mesh.sidecar(), index);
  }

  /** The same, the first time in a process. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  @Fork(5)
  public GroupRendering translateCold() {
    return GroupRendering.of(Mesh.sidecar(), index);
  }

  private PolicyIndex attached() {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      documents.add(PolicyTexts.document("service-" + i + ".yaml", texts.get(i)));
    }
    return PolicyIndex.of(Documents.of(documents), catalog);
  }
}
