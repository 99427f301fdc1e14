package dev.sluice.spec;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.envoy}: what Envoy can and no other section says. Each patch is merged over what the
 * other sections make: mappings key by key, lists whose entries have a {@code name} entry by entry,
 * other lists as a whole; null removes.
 *
 * @param clusters how instances are called
 * @param routes where requests go
 * @param listeners where the service's own sidecars take requests
 */
public record Envoy(
    List<ClusterPatch> clusters, List<RoutePatch> routes, List<ListenerPatch> listeners) {
  public Envoy {
    clusters = List.copyOf(clusters);
    routes = List.copyOf(routes);
    listeners = List.copyOf(listeners);
  }

  /**
   * {@code spec.envoy.clusters[]}.
   *
   * @param versions whose Clusters are patched; empty for every Cluster of the service
   * @param patch a part of {@code envoy.config.cluster.v3.Cluster}
   */
  public record ClusterPatch(List<String> versions, @Required Tree patch) {
    public ClusterPatch {
      versions = List.copyOf(versions);
      Objects.requireNonNull(patch);
    }
  }

  /**
   * {@code spec.envoy.routes[]}.
   *
   * @param names of the routes that are patched, {@code split} being the last; empty for all
   * @param patch a part of {@code envoy.config.route.v3.Route}
   */
  public record RoutePatch(List<String> names, @Required Tree patch) {
    public RoutePatch {
      names = List.copyOf(names);
      Objects.requireNonNull(patch);
    }
  }

  /**
   * {@code spec.envoy.listeners[]}.
   *
   * @param side which listeners of the service's sidecars; null for both
   * @param patch a part of {@code envoy.config.listener.v3.Listener}
   */
  public record ListenerPatch(@Nullable Side side, @Required Tree patch) {
    public ListenerPatch {
      Objects.requireNonNull(patch);
    }
  }

  /** Whose requests a listener of a sidecar takes. */
  public enum Side {
    /** Those that come in for the application. */
    INBOUND,
    /** Those that the application sends. */
    OUTBOUND
  }
}
