package dev.sluice.bench;

import dev.sluice.catalog.SourceName;
import dev.sluice.e2e.KubernetesCluster;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.kubernetes.ClusterAccess;
import dev.sluice.server.source.kubernetes.KubernetesSource;
import dev.sluice.server.source.kubernetes.KubernetesSource.Options;
import dev.sluice.source.SourceSink;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceUpdate;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The Kubernetes source on a real API server: {@code bin/bench kubernetes [SERVICES] [INSTANCES]}.
 * Tells how long it takes until it has synced, what heap it keeps, and how long it takes from the
 * answer to a changed EndpointSlice until the change is told.
 */
public final class KubernetesLoad {
  private static final String NAMESPACE = "load";
  private static final int CHANGES = 200;
  private static final int WRITERS = 16;

  private KubernetesLoad() {}

  /** Runs it; 5,000 services with 10 instances each where nothing else is said. */
  public static void main(String[] arguments) throws Exception {
    int services = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5_000;
    int instances = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
    Path folder = Files.createTempDirectory("sluice-kubernetes-load");
    try (KubernetesCluster cluster = KubernetesCluster.start(folder)) {
      cluster.installDefinitions();
      cluster.killControllers(); // They would make slices of their own.
      long began = System.nanoTime();
      fillAll(cluster.client(), services, instances);
      print("filling the API server", began);
      measure(cluster, services, instances);
    }
  }

  static void fillAll(KubernetesClient client, int services, int instances)
      throws InterruptedException {
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .create();
    try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      for (int i = 0; i < services; i++) {
        int service = i;
        writers.execute(() -> fill(client, service, instances));
      }
      writers.shutdown();
      if (!writers.awaitTermination(30, TimeUnit.MINUTES)) {
        throw new IllegalStateException("the API server could not be filled within 30 minutes");
      }
    }
  }

  private static void fill(KubernetesClient client, int service, int instances) {
    String name = "service-" + service;
    client
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                .addNewPort()
                .withName("http")
                .withPort(80)
                .endPort()
                .endSpec()
                .build())
        .create();
    for (int i = 0; i < instances; i++) {
      client
          .resource(
              new PodBuilder()
                  .withNewMetadata()
                  .withNamespace(NAMESPACE)
                  .withName(name + "-" + i)
                  .addToLabels("app", name)
                  .addToLabels("version", i % 2 == 0 ? "v1" : "v2")
                  .addToLabels("pod-template-hash", name + "-" + i % 2)
                  .endMetadata()
                  .withNewSpec()
                  .withNodeName("node-" + i)
                  .addNewContainer()
                  .withName("app")
                  .withImage("registry.example/team/" + name + ":1.0")
                  .endContainer()
                  .endSpec()
                  .build())
          .create();
    }
    client.resource(slice(service, instances, true)).create();
  }

  private static EndpointSlice slice(int service, int instances, boolean ready) {
    String name = "service-" + service;
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace(NAMESPACE)
        .withName(name + "-1")
        .addToLabels("kubernetes.io/service-name", name)
        .endMetadata()
        .withAddressType("IPv4")
        .addNewPort()
        .withName("http")
        .withPort(8080)
        .withProtocol("TCP")
        .endPort()
        .withEndpoints(
            IntStream.range(0, instances)
                .mapToObj(
                    i ->
                        new EndpointBuilder()
                            .withAddresses(
                                "10.%d.%d.%d".formatted(service / 250, service % 250, i + 1))
                            .withNewConditions()
                            .withReady(ready || i > 0)
                            .endConditions()
                            .withNodeName("node-" + i)
                            .withNewTargetRef()
                            .withKind("Pod")
                            .withName(name + "-" + i)
                            .endTargetRef()
                            .build())
                .toList())
        .build();
  }

  private static void measure(KubernetesCluster cluster, int services, int instances)
      throws IOException, InterruptedException {
    long before = usedAfterCollection();
    Sink sink = new Sink();
    try (KubernetesSource source =
        new KubernetesSource(
            "load",
            new ClusterAccess(cluster.kubeconfig(), null).connect(),
            DocumentParser.reader(),
            new Options(
                List.of(NAMESPACE), Optional.empty(), Duration.ofSeconds(60), Options.SILENCE))) {
      long began = System.nanoTime();
      source.start(sink);
      sink.synced.await();
      print("synced with %,d services of %d instances each".formatted(services, instances), began);
      System.out.printf(
          "heap that it keeps, what it told included: %,d MiB%n",
          (usedAfterCollection() - before) >> 20);
      changes(cluster.client(), services, instances, sink);
    }
  }

  private static void changes(KubernetesClient client, int services, int instances, Sink sink)
      throws InterruptedException {
    List<Long> micros = new ArrayList<>();
    for (int i = 0; i < CHANGES; i++) {
      sink.told.clear();
      client.resource(slice(i % services, instances, i / services % 2 == 1)).update();
      long answered = System.nanoTime();
      Long told = sink.told.poll(10, TimeUnit.SECONDS);
      if (told == null) {
        throw new IllegalStateException("change " + i + " was not told within 10 s");
      }
      micros.add(Math.max(0, told - answered) / 1_000);
    }
    micros.sort(null);
    System.out.printf(
        "from the API server's answer to a changed slice until it is told: p50 %,d us, p99 %,d us,"
            + " longest %,d us (of %d)%n",
        micros.get(CHANGES / 2), micros.get(CHANGES * 99 / 100), micros.getLast(), CHANGES);
  }

  private static void print(String what, long began) {
    System.out.printf("%s: %,d ms%n", what, (System.nanoTime() - began) / 1_000_000);
  }

  private static long usedAfterCollection() throws InterruptedException {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(300);
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Notes when something was told, and keeps what was told at the start. */
  private static final class Sink implements SourceSink {
    private final CountDownLatch synced = new CountDownLatch(1);
    private final LinkedBlockingQueue<Long> told = new LinkedBlockingQueue<>();

    @Override
    public void accept(SourceName source, List<SourceUpdate> updates) {
      told.add(System.nanoTime());
      if (updates.stream().anyMatch(SourceUpdate.Synced.class::isInstance)) {
        synced.countDown();
      }
    }

    @Override
    public void status(SourceStatus status) {
      status.problems().stream().limit(3).forEach(System.out::println);
    }
  }
}
