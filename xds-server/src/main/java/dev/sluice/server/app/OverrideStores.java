package dev.sluice.server.app;

import dev.sluice.catalog.SourceName;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.kubernetes.ClusterAccess;
import dev.sluice.server.overrides.ClusterStore;
import dev.sluice.server.overrides.ConsulStore;
import dev.sluice.server.overrides.FolderStore;
import dev.sluice.server.overrides.OverrideFacts;
import dev.sluice.server.overrides.OverrideStore;
import dev.sluice.server.overrides.Overrides;
import dev.sluice.server.settings.ConsulSettings;
import dev.sluice.server.settings.KubernetesSettings;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.settings.SourceSettings;
import dev.sluice.source.DocumentReader;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Makes the stores of overrides: one for each source that can hold documents. */
final class OverrideStores {
  private static final DocumentReader READER = DocumentParser.reader();

  /** Somebody waits for the answer. */
  private static final Duration REQUEST = Duration.ofSeconds(8);

  private OverrideStores() {}

  /**
   * All overrides; they may be written where the settings let them.
   *
   * @param opened is told of each store
   * @throws IOException when a kubeconfig or a certificate cannot be used
   */
  static Overrides overrides(
      ServerSettings settings, OverrideFacts facts, InstantSource clock, Opened opened)
      throws IOException {
    return switch (settings.writing()) {
      case ON -> Overrides.in(of(settings, opened), READER, facts, clock);
      case OFF -> Overrides.readOnly(READER, facts, clock);
    };
  }

  /**
   * The stores; they reach nothing yet.
   *
   * @param opened is told of each
   * @throws IOException when a kubeconfig or a certificate cannot be used
   */
  private static List<OverrideStore> of(ServerSettings settings, Opened opened) throws IOException {
    SourceSettings given = settings.sources();
    List<OverrideStore> stores = new ArrayList<>();
    if (!given.files().isEmpty()) {
      SourceName files = new SourceName("file", Sources.FILES);
      stores.add(opened.add(new FolderStore(files, given.files(), READER)));
    }
    for (KubernetesSettings cluster : given.kubernetes()) {
      stores.add(
          opened.add(
              new ClusterStore(
                  new SourceName("kubernetes", cluster.name()),
                  new ClusterAccess(cluster.kubeconfig(), cluster.context()).connect(REQUEST),
                  cluster.namespaces(),
                  READER)));
    }
    for (ConsulSettings datacenter : given.consul()) {
      if (datacenter.policies().isPresent()) {
        stores.add(
            opened.add(
                new ConsulStore(
                    new SourceName("consul", datacenter.name()),
                    new ConsulClient(datacenter.access()),
                    datacenter.policies().get(),
                    READER)));
      }
    }
    return List.copyOf(stores);
  }
}
