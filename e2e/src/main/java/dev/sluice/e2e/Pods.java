package dev.sluice.e2e;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIPBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;

/** Makes pods and says how they fare, as schedulers and kubelets do. */
public final class Pods {
  private final KubernetesClient client;
  private final String namespace;

  /** The pods of a namespace, which is made where it is missing. */
  public Pods(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .serverSideApply();
  }

  /** Makes a node in a zone. */
  public void node(String name, String region, String zone) {
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("topology.kubernetes.io/region", region)
                .addToLabels("topology.kubernetes.io/zone", zone)
                .endMetadata()
                .build())
        .serverSideApply();
  }

  /**
   * Makes a pod that runs and is ready.
   *
   * @param address its IP address
   * @param port of its container's port {@code http}
   * @param node where it runs
   */
  public void run(String name, Map<String, String> labels, String address, int port, String node) {
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .withTerminationGracePeriodSeconds(30L)
                .addNewContainer()
                .withName("app")
                .withImage("app")
                .addNewPort()
                .withName("http")
                .withContainerPort(port)
                .endPort()
                .endContainer()
                .endSpec()
                .build())
        .create();
    report(name, address, "True");
  }

  /** Says whether the pod is ready. */
  public void ready(String name, boolean ready) {
    Pod pod = client.pods().inNamespace(namespace).withName(name).require();
    report(name, pod.getStatus().getPodIP(), ready ? "True" : "False");
  }

  /** Asks the pod to end; it terminates until {@link #end}. */
  public void terminate(String name) {
    client.pods().inNamespace(namespace).withName(name).delete();
  }

  /** Lets the pod be gone. */
  public void end(String name) {
    client.pods().inNamespace(namespace).withName(name).withGracePeriod(0).delete();
  }

  private void report(String name, String address, String ready) {
    client
        .pods()
        .inNamespace(namespace)
        .withName(name)
        .editStatus(
            pod ->
                new PodBuilder(pod)
                    .editOrNewStatus()
                    .withPhase("Running")
                    .withPodIP(address)
                    .withPodIPs(new PodIPBuilder().withIp(address).build())
                    .withConditions(
                        List.of(
                            new PodConditionBuilder().withType("Ready").withStatus(ready).build()))
                    .endStatus()
                    .build());
  }
}
