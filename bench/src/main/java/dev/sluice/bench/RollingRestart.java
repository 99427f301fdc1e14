package dev.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.e2e.KubernetesCluster;
import dev.sluice.e2e.Pods;
import dev.sluice.e2e.Pushes;
import dev.sluice.e2e.SluiceProcess;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * All pods of a service are replaced, as by a Deployment with {@code maxSurge: 25%} and {@code
 * maxUnavailable: 0}: a new pod runs and is ready, an old one terminates, and a little later it is
 * gone; the endpoint-slice controller makes slices of it.
 */
final class RollingRestart {
  private static final String SERVICE = "rolling";
  private static final int PODS = 100;

  /** How many old pods are ending at a time. */
  private static final int ENDING = 25;

  private final KubernetesCluster cluster;
  private final Pods pods;
  private final String namespace;
  private int made;

  /** Names of the pods that are not replaced yet. */
  private Deque<String> running = new ArrayDeque<>();

  RollingRestart(KubernetesCluster cluster, Pods pods, String namespace) {
    this.cluster = cluster;
    this.pods = pods;
    this.namespace = namespace;
  }

  /** Makes the service and its pods. */
  void prepare() {
    cluster.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %s, namespace: %s}
        spec:
          clusterIP: None
          selector: {app: rolling}
          ports: [{name: http, port: 80, targetPort: http}]
        """
            .formatted(SERVICE, namespace));
    cluster.apply(Edge.policy(namespace, SERVICE));
    for (int i = 0; i < PODS; i++) {
      running.add(run());
    }
  }

  private String run() {
    String name = SERVICE + "-" + made;
    String address = "10.110.%d.%d".formatted(made / 250, made % 250 + 1);
    made++;
    pods.run(name, Map.of("app", SERVICE, "version", "v1"), address, 8080, "node-1");
    return name;
  }

  /**
   * Replaces all pods and prints what the server sent to its one proxy.
   *
   * @param pause from one pod to the next
   */
  void measure(SluiceProcess server, Duration pause) throws InterruptedException, IOException {
    awaitInstances(server);
    Pushes before = Pushes.of(server.adminPort());
    double changes = metric(server, "sluice_catalog_changes_total");
    AtomicLong writes = new AtomicLong();
    try (Watch _ = watch(writes)) {
      long began = System.nanoTime();
      replaceAll(pause);
      long took = System.nanoTime() - began;
      awaitInstances(server);
      TimeUnit.SECONDS.sleep(2); // The last moving instances, and what they are sent by.
      Pushes sent = Pushes.of(server.adminPort()).since(before);
      System.out.printf(
          "rolling restart of %d pods, one each %d ms, %,d ms in all%n"
              + "  writes of EndpointSlices %d, changes of the catalog %.0f, responses to one proxy %s,"
              + " bytes %s%n",
          PODS,
          pause.toMillis(),
          TimeUnit.NANOSECONDS.toMillis(took),
          writes.get(),
          metric(server, "sluice_catalog_changes_total") - changes,
          sent.responses(),
          sent.bytes());
    }
  }

  private void replaceAll(Duration pause) {
    Deque<String> next = new ArrayDeque<>();
    Deque<String> ending = new ArrayDeque<>();
    for (String old : running) {
      next.add(run());
      pods.terminate(old);
      ending.add(old);
      if (ending.size() > ENDING) {
        pods.end(ending.remove());
      }
      LockSupport.parkNanos(pause.toNanos());
    }
    ending.forEach(pods::end);
    running = next;
  }

  /** Waits until the controller and the server have the pods that run and no others. */
  private void awaitInstances(SluiceProcess server) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!isCurrent(server)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the server does not have the pods that run: " + server.log());
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  private boolean isCurrent(SluiceProcess server) throws IOException {
    for (JsonNode service :
        new ObjectMapper().readTree(server.admin("/v1/services?name=" + SERVICE)).at("/services")) {
      if (service.path("name").asText().equals(SERVICE)) {
        int last = made - 1;
        String newest = "10.110.%d.%d".formatted(last / 250, last % 250 + 1);
        JsonNode instances = service.path("endpoints");
        return instances.size() == PODS
            && instances.findValuesAsText("address").contains(newest)
            && instances.findValuesAsText("health").stream().allMatch("HEALTHY"::equals);
      }
    }
    return false;
  }

  /** Counts what is written of the service's slices from now on. */
  private Watch watch(AtomicLong writes) {
    var slices =
        cluster
            .client()
            .discovery()
            .v1()
            .endpointSlices()
            .inNamespace(namespace)
            .withLabel("kubernetes.io/service-name", SERVICE);
    String now = slices.list().getMetadata().getResourceVersion();
    return slices.watch(
        new ListOptionsBuilder().withResourceVersion(now).build(),
        new Watcher<EndpointSlice>() {
          @Override
          public void eventReceived(Action action, EndpointSlice slice) {
            writes.incrementAndGet();
          }

          @Override
          public void onClose(WatcherException cause) {
            throw new IllegalStateException(cause);
          }
        });
  }

  private static double metric(SluiceProcess server, String name) {
    return server
        .admin("/metrics")
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }
}
