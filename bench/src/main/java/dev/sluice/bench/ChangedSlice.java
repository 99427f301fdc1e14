package dev.sluice.bench;

import dev.sluice.e2e.EnvoyProcess;
import dev.sluice.e2e.KubernetesCluster;
import dev.sluice.e2e.ReadySlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** A service of ten instances, one of which gets another address again and again. */
final class ChangedSlice {
  private static final String SERVICE = "changing";
  private static final int INSTANCES = 10;
  private static final int WARM_UP = 50;
  private static final int CHANGES = 500;

  private final KubernetesCluster cluster;
  private final String namespace;

  ChangedSlice(KubernetesCluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** Makes the service, which no controller makes slices of: it has no selector. */
  void prepare() {
    cluster.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %s, namespace: %s}
        spec: {clusterIP: None, ports: [{name: http, port: 80}]}
        """
            .formatted(SERVICE, namespace));
    cluster.client().resource(slice(0)).create();
    cluster.apply(Edge.policy(namespace, SERVICE));
  }

  boolean isShown(EnvoyProcess envoy) {
    return shows(envoy, 0);
  }

  /** Prints how long it takes until Envoy's admin shows a change. */
  void measure(EnvoyProcess envoy) {
    List<Long> sinceAsked = new ArrayList<>();
    List<Long> sinceAnswered = new ArrayList<>();
    for (int change = 1; change <= WARM_UP + CHANGES; change++) {
      long asked = System.nanoTime();
      cluster.client().resource(slice(change)).update();
      long answered = System.nanoTime();
      while (!shows(envoy, change)) {
        if (System.nanoTime() - asked > TimeUnit.SECONDS.toNanos(10)) {
          throw new AssertionError("change " + change + " is not shown\n" + envoy.log());
        }
        LockSupport.parkNanos(500_000);
      }
      long shown = System.nanoTime();
      if (change > WARM_UP) {
        sinceAsked.add(shown - asked);
        sinceAnswered.add(shown - answered);
      }
    }
    System.out.println("one endpoint changes, until Envoy's admin shows it");
    System.out.println(
        "  since the API server's answer: " + KubernetesChanges.percentiles(sinceAnswered));
    System.out.println(
        "  since it was asked:            " + KubernetesChanges.percentiles(sinceAsked));
  }

  private static boolean shows(EnvoyProcess envoy, int change) {
    return envoy.admin("/clusters").contains(address(change) + ":8080::");
  }

  /** Where the instance is after so many changes. */
  private static String address(int change) {
    return "10.100.%d.%d".formatted(change / 250, change % 250 + 1);
  }

  private EndpointSlice slice(int change) {
    return ReadySlice.of(
        namespace,
        SERVICE,
        SERVICE + "-1",
        IntStream.range(0, INSTANCES)
            .mapToObj(i -> i == 0 ? address(change) : "10.101.0." + i)
            .toList());
  }
}
