package dev.sluice.policy.validate;

import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.Split;
import dev.sluice.spec.Split.OnEmpty;
import dev.sluice.spec.TrafficPolicySpec;
import dev.sluice.spec.Version;
import java.util.List;

/** {@code spec.split}. */
final class SplitRules {
  private SplitRules() {}

  static void check(At spec, TrafficPolicySpec policy, Split split) {
    At at = spec.key("split");
    At versions = spec.key("versions");
    if (!at.legible() || !versions.legible()) {
      return;
    }
    if (policy.versions().isEmpty()) {
      at.error("a split needs spec.versions, each with a name and labels");
      return;
    }
    VersionNames names = VersionNames.of(policy.versions());
    shares(at, split, names);
    if (split.onEmpty() instanceof OnEmpty.Fallback(String version)) {
      names.known(at.key("onEmpty").key("fallback").key("version"), version);
    }
    if (split.mode() == Split.Mode.ENDPOINT) {
      endpointMode(spec, policy);
    }
  }

  private static void shares(At at, Split split, VersionNames names) {
    At weights = at.key("weights");
    if (split.by() == Split.By.POD_COUNT) {
      if (!split.weights().isEmpty()) {
        weights.error("by podCount the shares follow the ready instances; remove the weights");
      }
      return;
    }
    if (split.weights().isEmpty()) {
      String first = names.declared().first();
      (weights.isGiven() ? weights : at)
          .error("a split needs weights; write such as weights: {" + first + ": 100}");
      return;
    }
    names.weights(weights, split.weights());
  }

  private static void endpointMode(At spec, TrafficPolicySpec policy) {
    roundRobin(spec, policy);
    if (LocalityRules.counts(policy.locality()) && spec.key("locality").legible()) {
      spec.key("locality")
          .key("mode")
          .error(
              "split.mode endpoint weighs the instances of all localities together;"
                  + " remove locality, or use split.mode cluster");
    }
    for (int i = 0; i < policy.routes().size(); i++) {
      At to = spec.key("routes").index(i).key("to");
      if (to.isGiven()) {
        to.error(
            "in split.mode endpoint all versions are one Cluster, so no route can pick one;"
                + " remove it, or use split.mode cluster");
      }
    }
    List<Version> versions = policy.versions();
    for (int i = 0; i < versions.size(); i++) {
      if (versions.get(i).overrides() != null) {
        spec.key("versions")
            .index(i)
            .key("overrides")
            .error(
                "in split.mode endpoint all versions are one Cluster, so none can differ;"
                    + " remove the overrides, or use split.mode cluster");
      }
    }
  }

  private static void roundRobin(At spec, TrafficPolicySpec policy) {
    At at = spec.key("loadBalancer");
    LoadBalancer given = policy.loadBalancer();
    if (!at.legible() || LoadBalancers.type(given) == LoadBalancer.Type.ROUND_ROBIN) {
      return;
    }
    At type = at.key("type");
    At mode = spec.key("split").key("mode");
    (type.isGiven() ? type : mode)
        .error(
            "split.mode endpoint needs RoundRobin ("
                + LoadBalancers.type(given)
                + (type.isGiven() ? "" : ", the default,")
                + " does not keep to the weights); write loadBalancer: {type: RoundRobin}");
  }
}
