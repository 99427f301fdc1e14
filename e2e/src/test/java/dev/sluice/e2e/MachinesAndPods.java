package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.settings.ConsulSettings;
import java.net.URI;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The service {@code orders} on machines that a real Consul knows and in pods of a real cluster,
 * the real server that watches both, and a real Envoy at its edge. Closing it ends all of them but
 * Consul and the cluster.
 */
final class MachinesAndPods implements AutoCloseable {
  /** The instances of {@link #runTwoAndThree}. */
  static final Set<String> ALL = Set.of("machine-1", "machine-2", "pod-1", "pod-2", "pod-3");

  /** How the server calls the data centre. */
  static final String DATACENTER = "machines";

  private static final String ROUND_ROBIN = "loadBalancer: {type: RoundRobin}\n";

  private final ConsulServer consul;
  private final KubernetesCluster cluster;
  private final String namespace;
  private final KubernetesMesh mesh;
  private final Machines machines;

  MachinesAndPods(ConsulServer consul, KubernetesCluster cluster, String namespace) {
    this.consul = consul;
    this.cluster = cluster;
    this.namespace = namespace;
    mesh = new KubernetesMesh(cluster, namespace);
    machines = new Machines(consul);
  }

  Machines machines() {
    return machines;
  }

  KubernetesMesh mesh() {
    return mesh;
  }

  /** Runs two machines and three pods, whose versions are what they are. */
  void runTwoAndThree() {
    IntStream.rangeClosed(1, 2).forEach(i -> machines.run("machine-" + i, "machine"));
    IntStream.rangeClosed(1, 3).forEach(i -> mesh.run("pod-" + i, "pod"));
  }

  /** Applies the policy over both as backends, by these weights, with these sections. */
  void applyOver(int podsWeight, int machinesWeight, String sections) {
    mesh.apply(
        Documents.withBackends(
            Documents.policy(ROUND_ROBIN + sections),
            "{name: pods, kubernetes: {cluster: %s}, weight: %d}"
                .formatted(cluster.folder().getFileName(), podsWeight),
            "{name: machines, consul: {datacenter: %s}, weight: %d}"
                .formatted(DATACENTER, machinesWeight)));
  }

  /** Applies the policy without backends. */
  void applyWithoutBackends() {
    mesh.applyPolicy(ROUND_ROBIN);
  }

  /** Starts the server, which knows the services of Consul in the namespace of the pods. */
  ControlPlane startServer() {
    return mesh.startServer(ConsulSettings.of(DATACENTER, URI.create(consul.address()), namespace));
  }

  TrafficClient client() {
    return mesh.client();
  }

  /** Waits until just these answer. */
  void awaitInstances(Set<String> instances) {
    await()
        .untilAsserted(
            () -> assertThat(client().send(100, 1).instances().keySet()).isEqualTo(instances));
  }

  @Override
  public void close() {
    try {
      mesh.close(); // Envoy ends first.
    } finally {
      machines.close();
    }
  }
}
