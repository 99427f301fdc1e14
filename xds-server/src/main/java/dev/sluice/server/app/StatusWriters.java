package dev.sluice.server.app;

import dev.sluice.server.conditions.ReplicaBoard;
import dev.sluice.server.conditions.Standings;
import dev.sluice.server.conditions.StatusWriter;
import dev.sluice.server.kubernetes.ClusterAccess;
import dev.sluice.server.kubernetes.Leadership;
import dev.sluice.server.pipeline.Pipeline;
import dev.sluice.server.settings.KubernetesSettings;
import dev.sluice.server.settings.KubernetesSettings.StatusWriting;
import dev.sluice.server.source.kubernetes.KubernetesSource;
import dev.sluice.server.status.ProgressLooks;
import dev.sluice.server.xds.XdsServer;
import dev.sluice.source.Source;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes the writers of statuses that the settings ask for. */
final class StatusWriters {
  private static final String DEFAULT_NAMESPACE = "default";

  private StatusWriters() {}

  /**
   * A writer for each cluster whose custom resources get a status; none runs yet.
   *
   * @param opened is told of each
   * @throws IOException when a kubeconfig cannot be used
   */
  static List<StatusWriter> of(
      List<KubernetesSettings> clusters,
      List<Source> sources,
      Pipeline pipeline,
      XdsServer xds,
      Opened opened)
      throws IOException {
    ProgressLooks looks = new ProgressLooks(xds::proxies, System::nanoTime);
    Map<String, KubernetesSource> byName =
        sources.stream()
            .filter(KubernetesSource.class::isInstance)
            .map(KubernetesSource.class::cast)
            .collect(Collectors.toMap(source -> source.name().name(), Function.identity()));
    List<StatusWriter> writers = new ArrayList<>();
    for (KubernetesSettings cluster : clusters) {
      if (cluster.status() == StatusWriting.ON) {
        KubernetesSource source = Objects.requireNonNull(byName.get(cluster.name()));
        Standings standings = new Standings(cluster.name(), source::observed, pipeline, xds, looks);
        writers.add(opened.add(writer(cluster, standings)));
      }
    }
    return List.copyOf(writers);
  }

  private static StatusWriter writer(KubernetesSettings cluster, Standings standings)
      throws IOException {
    KubernetesClient client =
        new ClusterAccess(cluster.kubeconfig(), cluster.context()).connect(Leadership.REQUEST);
    String own = Objects.requireNonNullElse(client.getNamespace(), DEFAULT_NAMESPACE);
    // The pod's own namespace is one of the cluster that it runs in.
    Optional<String> pod =
        cluster.kubeconfig() == null ? ClusterAccess.podNamespace() : Optional.empty();
    String namespace = cluster.leaseNamespace().or(() -> pod).orElse(own);
    String name = "sluice-" + cluster.name();
    String identity = identity();
    return new StatusWriter(
        cluster.name(),
        client,
        standings,
        new Leadership(client, namespace, name, identity),
        new ReplicaBoard(client, namespace, name + "-proxies", identity));
  }

  /** The pod's name where there is one; with a tail, so that no two are the same. */
  private static String identity() {
    String host =
        System.getenv().getOrDefault("HOSTNAME", "sluice").replaceAll("[^-._a-zA-Z0-9]", "-");
    return host + "-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
