package dev.sluice.server.app;

import dev.sluice.server.conditions.Standings;
import dev.sluice.server.conditions.StatusWriter;
import dev.sluice.server.conditions.consul.ReplicaKeys;
import dev.sluice.server.conditions.consul.SessionLock;
import dev.sluice.server.conditions.consul.StatusKeys;
import dev.sluice.server.conditions.kubernetes.ConfigMapBoard;
import dev.sluice.server.conditions.kubernetes.CustomResourceStatuses;
import dev.sluice.server.conditions.kubernetes.LeaseLeadership;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.consul.StatusNames;
import dev.sluice.server.kubernetes.ClusterAccess;
import dev.sluice.server.pipeline.Pipeline;
import dev.sluice.server.settings.ConsulSettings;
import dev.sluice.server.settings.KubernetesSettings;
import dev.sluice.server.settings.KubernetesSettings.StatusWriting;
import dev.sluice.server.settings.SourceSettings;
import dev.sluice.server.snapshot.SnapshotStore;
import dev.sluice.server.source.Observed;
import dev.sluice.server.source.consul.ConsulSource;
import dev.sluice.server.source.kubernetes.KubernetesSource;
import dev.sluice.server.status.ProgressLooks;
import dev.sluice.server.xds.XdsServer;
import dev.sluice.source.Source;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** Makes the writers of statuses that the settings ask for. */
final class StatusWriters {
  private static final String DEFAULT_NAMESPACE = "default";

  private StatusWriters() {}

  /**
   * A writer for each cluster whose custom resources get a status, and for each data centre whose
   * documents do; none runs yet.
   *
   * @param opened is told of each
   * @throws IOException when a kubeconfig or a certificate cannot be used
   */
  static List<StatusWriter> of(
      SourceSettings settings,
      List<Source> sources,
      Pipeline pipeline,
      XdsServer xds,
      SnapshotStore store,
      Opened opened)
      throws IOException {
    ProgressLooks looks = new ProgressLooks(xds::proxies, store::current, System::nanoTime);
    Function<Supplier<SortedMap<String, Observed>>, Standings> standings =
        observed -> new Standings(observed, pipeline, xds, looks);
    List<StatusWriter> writers = new ArrayList<>();
    for (KubernetesSettings cluster : settings.kubernetes()) {
      if (cluster.status() == StatusWriting.ON) {
        KubernetesSource source = named(cluster.name(), KubernetesSource.class, sources);
        writers.add(opened.add(writer(cluster, standings.apply(source::observed))));
      }
    }
    for (ConsulSettings datacenter : settings.consul()) {
      if (datacenter.statuses().isPresent()) {
        ConsulSource source = named(datacenter.name(), ConsulSource.class, sources);
        StatusNames names = datacenter.statuses().get();
        writers.add(opened.add(writer(datacenter, names, standings.apply(source::observed))));
      }
    }
    return List.copyOf(writers);
  }

  private static <T extends Source> T named(String name, Class<T> type, List<Source> sources) {
    return sources.stream()
        .filter(type::isInstance)
        .map(type::cast)
        .filter(source -> source.name().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static StatusWriter writer(
      ConsulSettings datacenter, StatusNames names, Standings standings) throws IOException {
    ConsulClient client = new ConsulClient(datacenter.access());
    String identity = identity();
    SessionLock lock = new SessionLock(client, names.lock(), identity);
    return new StatusWriter(
        datacenter.name(),
        standings,
        lock,
        new ReplicaKeys(client, names.replicas(), identity, lock),
        new StatusKeys(client, names, lock),
        client::close);
  }

  private static StatusWriter writer(KubernetesSettings cluster, Standings standings)
      throws IOException {
    KubernetesClient client =
        new ClusterAccess(cluster.kubeconfig(), cluster.context()).connect(LeaseLeadership.REQUEST);
    String own = Objects.requireNonNullElse(client.getNamespace(), DEFAULT_NAMESPACE);
    // The pod's own namespace is one of the cluster that it runs in.
    Optional<String> pod =
        cluster.kubeconfig() == null ? ClusterAccess.podNamespace() : Optional.empty();
    String namespace = cluster.leaseNamespace().or(() -> pod).orElse(own);
    String name = "sluice-" + cluster.name();
    String identity = identity();
    return new StatusWriter(
        cluster.name(),
        standings,
        new LeaseLeadership(client, namespace, name, identity),
        new ConfigMapBoard(client, namespace, name + "-proxies", identity),
        new CustomResourceStatuses(client),
        client::close);
  }

  /** The pod's name where there is one; with a tail, so that no two are the same. */
  private static String identity() {
    String host =
        System.getenv().getOrDefault("HOSTNAME", "sluice").replaceAll("[^-._a-zA-Z0-9]", "-");
    return host + "-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
