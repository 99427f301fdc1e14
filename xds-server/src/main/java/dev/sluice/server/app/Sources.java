package dev.sluice.server.app;

import dev.sluice.catalog.SourceName;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.consul.ConsulAccess.Consistency;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.demand.ServiceDemand;
import dev.sluice.server.kubernetes.ClusterAccess;
import dev.sluice.server.settings.ConsulSettings;
import dev.sluice.server.settings.ConsulSettings.Watched;
import dev.sluice.server.settings.KubernetesSettings;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.settings.SourceSettings;
import dev.sluice.server.source.consul.ConsulSource;
import dev.sluice.server.source.consul.ConsulSource.WantedServices;
import dev.sluice.server.source.kubernetes.KubernetesSource;
import dev.sluice.server.source.kubernetes.KubernetesSource.Options;
import dev.sluice.server.source.secret.SecretFiles;
import dev.sluice.source.DocumentReader;
import dev.sluice.source.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the sources that the settings name. */
final class Sources {
  /** How the source of all directories of documents is called. */
  static final String FILES = "files";

  private static final DocumentReader READER = DocumentParser.reader();

  private Sources() {}

  /**
   * The sources; they watch nothing yet.
   *
   * @param state keeps last good documents
   * @param demand what is wanted of the services; null where no source asks
   * @param opened is told of each
   * @throws IOException when the state directory, a kubeconfig or a certificate cannot be used
   */
  static List<Source> of(
      ServerSettings settings, StateFolder state, @Nullable ServiceDemand demand, Opened opened)
      throws IOException {
    SourceSettings given = settings.sources();
    List<Source> sources = new ArrayList<>();
    if (!given.files().isEmpty()) {
      sources.add(opened.add(state.files(FILES, given.files())));
    }
    if (!given.secrets().isEmpty()) {
      sources.add(opened.add(new SecretFiles("secrets", given.secrets())));
    }
    for (KubernetesSettings cluster : given.kubernetes()) {
      sources.add(opened.add(kubernetes(cluster)));
    }
    for (ConsulSettings datacenter : given.consul()) {
      sources.add(
          opened.add(consul(datacenter, datacenter.watched() == Watched.WANTED ? demand : null)));
    }
    return List.copyOf(sources);
  }

  /** The names of those that can hold documents; files first, as people keep most there. */
  static List<SourceName> ofDocuments(ServerSettings settings) {
    SourceSettings given = settings.sources();
    List<SourceName> names = new ArrayList<>();
    if (!given.files().isEmpty()) {
      names.add(new SourceName("file", FILES));
    }
    given.kubernetes().forEach(it -> names.add(new SourceName("kubernetes", it.name())));
    given.consul().stream()
        .filter(it -> it.policies().isPresent())
        .forEach(it -> names.add(new SourceName("consul", it.name())));
    return List.copyOf(names);
  }

  /** What is wanted, if a source needs to know. */
  static @Nullable ServiceDemand demand(ServerSettings settings) {
    return settings.sources().consul().stream().anyMatch(it -> it.watched() == Watched.WANTED)
        ? new ServiceDemand()
        : null;
  }

  private static KubernetesSource kubernetes(KubernetesSettings cluster) throws IOException {
    return new KubernetesSource(
        cluster.name(),
        new ClusterAccess(cluster.kubeconfig(), cluster.context()).connect(),
        READER,
        new Options(
            cluster.namespaces(), cluster.labelSelector(), cluster.holdEmpty(), Options.SILENCE));
  }

  private static ConsulSource consul(ConsulSettings datacenter, @Nullable ServiceDemand demand)
      throws IOException {
    return new ConsulSource(
        datacenter.name(),
        new ConsulClient(datacenter.access()),
        READER,
        new ConsulSource.Options(
            datacenter.namespace(),
            datacenter.port(),
            new WantedServices(datacenter.services(), datacenter.tags()),
            datacenter.addresses(),
            datacenter.policies(),
            datacenter.holdEmpty(),
            datacenter.connections(),
            datacenter.access().consistency() != Consistency.STALE),
        demand);
  }
}
