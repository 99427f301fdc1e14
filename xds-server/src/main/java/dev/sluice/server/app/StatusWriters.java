package dev.sluice.server.app;

import dev.sluice.catalog.SourceName;
import dev.sluice.server.conditions.Announcements;
import dev.sluice.server.conditions.RolloutTalk;
import dev.sluice.server.conditions.Standings;
import dev.sluice.server.conditions.StatusWriter;
import dev.sluice.server.conditions.consul.ReplicaKeys;
import dev.sluice.server.conditions.consul.RolloutKeys;
import dev.sluice.server.conditions.consul.SessionLock;
import dev.sluice.server.conditions.consul.StatusKeys;
import dev.sluice.server.conditions.kubernetes.ConfigMapBoard;
import dev.sluice.server.conditions.kubernetes.CustomResourceStatuses;
import dev.sluice.server.conditions.kubernetes.LeaseLeadership;
import dev.sluice.server.conditions.kubernetes.RolloutEvents;
import dev.sluice.server.conditions.kubernetes.RolloutStatuses;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.consul.StatusNames;
import dev.sluice.server.kubernetes.ClusterAccess;
import dev.sluice.server.kubernetes.Definitions;
import dev.sluice.server.pipeline.Pipeline;
import dev.sluice.server.rollout.RolloutStore;
import dev.sluice.server.rollout.SharedStates;
import dev.sluice.server.rollout.TalkingReplicas;
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
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** The writers of statuses that the settings ask for, and what else stands where these do. */
final class StatusWriters {
  private static final String DEFAULT_NAMESPACE = "default";

  private final Pipeline pipeline;
  private final XdsServer xds;
  private final ProgressLooks looks;
  private final Opened opened;
  private final List<StatusWriter> writers = new ArrayList<>();
  private final Map<SourceName, RolloutStore> stores = new LinkedHashMap<>();

  private StatusWriters(Pipeline pipeline, XdsServer xds, SnapshotStore store, Opened opened) {
    this.pipeline = pipeline;
    this.xds = xds;
    this.looks = new ProgressLooks(xds::proxies, store::current, System::nanoTime);
    this.opened = opened;
  }

  /**
   * A writer for each cluster whose custom resources get a status, and for each data centre whose
   * documents do; none runs yet.
   *
   * @param opened is told of each
   * @throws IOException when a kubeconfig or a certificate cannot be used
   */
  static StatusWriters of(
      SourceSettings settings,
      List<Source> sources,
      Pipeline pipeline,
      XdsServer xds,
      SnapshotStore store,
      Opened opened)
      throws IOException {
    StatusWriters all = new StatusWriters(pipeline, xds, store, opened);
    for (KubernetesSettings cluster : settings.kubernetes()) {
      if (cluster.status() == StatusWriting.ON) {
        all.add(cluster, named(cluster.name(), KubernetesSource.class, sources));
      }
    }
    for (ConsulSettings datacenter : settings.consul()) {
      if (datacenter.statuses().isPresent()) {
        all.add(
            datacenter,
            datacenter.statuses().get(),
            named(datacenter.name(), ConsulSource.class, sources));
      }
    }
    return all;
  }

  void start() {
    writers.forEach(StatusWriter::start);
  }

  void close() {
    writers.forEach(StatusWriter::close);
  }

  /** Where the rollouts of a source's policies are kept, where that is beside these. */
  Map<SourceName, RolloutStore> stores() {
    return Collections.unmodifiableMap(stores);
  }

  /** Whether a document is in a cluster or data centre, be it right or wrong. */
  static boolean stands(DocumentKey key, List<Source> sources) {
    return sources.stream().anyMatch(source -> stands(key, source));
  }

  private static boolean stands(DocumentKey key, Source source) {
    return switch (source) {
      case KubernetesSource cluster -> cluster.observed().containsKey(key.toString());
      case ConsulSource datacenter ->
          datacenter.observed().values().stream()
              .anyMatch(place -> place.documents().containsKey(key));
      default -> false;
    };
  }

  private static <T extends Source> T named(String name, Class<T> type, List<Source> sources) {
    return sources.stream()
        .filter(type::isInstance)
        .map(type::cast)
        .filter(source -> source.name().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void add(ConsulSettings datacenter, StatusNames names, ConsulSource source)
      throws IOException {
    ConsulClient client = new ConsulClient(datacenter.access());
    String identity = identity();
    SessionLock lock = new SessionLock(client, names.lock(), identity);
    RolloutTalk talk = new RolloutTalk();
    RolloutKeys kept = new RolloutKeys(client, names.rollouts(), lock);
    writers.add(
        opened.add(
            new StatusWriter(
                datacenter.name(),
                new Standings(source::observed, pipeline, xds, looks, talk),
                lock,
                new ReplicaKeys(client, names.replicas(), identity, lock),
                new StatusKeys(client, names, lock),
                talk,
                () -> {
                  kept.close();
                  client.close();
                })));
    String prefix = source.name() + "/" + names.policies();
    stores.put(
        source.name(),
        new SharedStates(
            source.name().toString(),
            policy -> policy.origin().start().file().startsWith(prefix),
            key -> stands(key, source),
            kept,
            lock,
            new TalkingReplicas(talk, Announcements.NONE)));
  }

  private void add(KubernetesSettings cluster, KubernetesSource source) throws IOException {
    KubernetesClient client =
        new ClusterAccess(cluster.kubeconfig(), cluster.context()).connect(LeaseLeadership.REQUEST);
    String own = Objects.requireNonNullElse(client.getNamespace(), DEFAULT_NAMESPACE);
    // The pod's own namespace is one of the cluster that it runs in.
    Optional<String> pod =
        cluster.kubeconfig() == null ? ClusterAccess.podNamespace() : Optional.empty();
    String namespace = cluster.leaseNamespace().or(() -> pod).orElse(own);
    String name = "sluice-" + cluster.name();
    String identity = identity();
    LeaseLeadership lease = new LeaseLeadership(client, namespace, name, identity);
    RolloutTalk talk = new RolloutTalk();
    RolloutEvents events =
        opened.add(
            new RolloutEvents(
                client,
                identity,
                key ->
                    Optional.ofNullable(source.observed().get(key.toString())).map(Observed::uid)));
    writers.add(
        opened.add(
            new StatusWriter(
                cluster.name(),
                new Standings(source::observed, pipeline, xds, looks, talk),
                lease,
                new ConfigMapBoard(client, namespace, name + "-proxies", identity),
                new CustomResourceStatuses(client),
                talk,
                () -> {
                  events.close();
                  client.close();
                })));
    String prefix = source.name() + "/" + Definitions.plural(Kind.TRAFFIC_POLICY.toString()) + "/";
    stores.put(
        source.name(),
        new SharedStates(
            source.name().toString(),
            policy -> policy.origin().start().file().startsWith(prefix),
            key -> stands(key, source),
            new RolloutStatuses(client, cluster.namespaces(), source::rollouts),
            lease,
            new TalkingReplicas(talk, events)));
  }

  /** The pod's name where there is one; with a tail, so that no two are the same. */
  private static String identity() {
    String host =
        System.getenv().getOrDefault("HOSTNAME", "sluice").replaceAll("[^-._a-zA-Z0-9]", "-");
    return host + "-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
