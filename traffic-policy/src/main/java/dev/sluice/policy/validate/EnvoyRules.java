package dev.sluice.policy.validate;

import dev.sluice.patch.Patchable;
import dev.sluice.spec.BlueGreen;
import dev.sluice.spec.Envoy;
import dev.sluice.spec.Envoy.ClusterPatch;
import dev.sluice.spec.Envoy.ListenerPatch;
import dev.sluice.spec.Envoy.RoutePatch;
import dev.sluice.spec.Route;
import dev.sluice.spec.TrafficPolicySpec;
import dev.sluice.spec.Tree;
import java.util.List;

/** {@code spec.envoy}: that each patch can be merged over what it is for. */
final class EnvoyRules {
  /** The route that takes what no other does. */
  private static final String SPLIT = "split";

  /** Routes that are there without being written. */
  private static final List<String> MADE = List.of(SPLIT, BlueGreen.Preview.ROUTE);

  private final At spec;
  private final TrafficPolicySpec policy;

  private EnvoyRules(At spec, TrafficPolicySpec policy) {
    this.spec = spec;
    this.policy = policy;
  }

  static void check(At spec, TrafficPolicySpec policy, Envoy envoy) {
    At at = spec.key("envoy");
    if (!at.legible()) {
      return;
    }
    if (envoy.clusters().isEmpty() && envoy.routes().isEmpty() && envoy.listeners().isEmpty()) {
      at.error("is empty; write clusters, routes or listeners, each a list of {patch: {...}}");
    }
    EnvoyRules rules = new EnvoyRules(spec, policy);
    List<ClusterPatch> clusters = envoy.clusters();
    for (int i = 0; i < clusters.size(); i++) {
      rules.cluster(at.key("clusters").index(i), clusters.get(i));
    }
    List<RoutePatch> routes = envoy.routes();
    for (int i = 0; i < routes.size(); i++) {
      rules.route(at.key("routes").index(i), routes.get(i));
    }
    List<ListenerPatch> listeners = envoy.listeners();
    for (int i = 0; i < listeners.size(); i++) {
      patch(at.key("listeners").index(i), Patchable.LISTENER, listeners.get(i).patch());
    }
  }

  private void cluster(At at, ClusterPatch cluster) {
    At versions = at.key("versions");
    Names.unique(versions, cluster.versions(), name -> name, "", "version");
    if (spec.key("versions").legible()) {
      VersionNames names = VersionNames.of(policy.versions());
      for (int i = 0; i < cluster.versions().size(); i++) {
        names.known(versions.index(i), cluster.versions().get(i));
      }
    }
    patch(at, Patchable.CLUSTER, cluster.patch());
  }

  private void route(At at, RoutePatch route) {
    At names = at.key("names");
    Names.unique(names, route.names(), name -> name, "", "route");
    List<String> known = policy.routes().stream().map(Route::name).toList();
    for (int i = 0; i < route.names().size() && spec.key("routes").legible(); i++) {
      String name = route.names().get(i);
      if (!known.isEmpty() && !known.contains(name) && !MADE.contains(name)) {
        names
            .index(i)
            .error(
                "unknown route \"%s\" (known: %s, %s)"
                    .formatted(name, String.join(", ", known), SPLIT));
      }
    }
    patch(at, Patchable.ROUTE, route.patch());
  }

  private static void patch(At at, Patchable kind, Tree patch) {
    At written = at.key("patch");
    if (patch.fields().isEmpty()) {
      written.error("is empty; write the fields that are to differ");
    }
    kind.check(patch, written.path(), written::errorAt);
  }
}
