package dev.sluice.server.explain;

import dev.sluice.problem.Location;
import dev.sluice.spec.BlueGreen;
import dev.sluice.spec.Document;
import dev.sluice.spec.Documents;
import dev.sluice.spec.Route;
import dev.sluice.spec.TrafficPolicy;
import dev.sluice.spec.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where in documents a thing is said. What a proxy has comes from documents as they were when it
 * was made: of one that has moved since then, its place at that time is told and nothing within.
 */
final class Places {
  private final List<TrafficPolicy> policies = new ArrayList<>();

  /**
   * Places in the TrafficPolicies among {@code from}.
   *
   * @param documents those in force
   * @param from with their places, as {@code Provenance} has them; those of the highest precedence
   *     first
   */
  Places(Documents documents, List<String> from) {
    for (String one : from) {
      for (Document document : documents.all().values()) {
        if (document instanceof TrafficPolicy policy
            && one.equals(policy.key() + " (" + policy.origin().start() + ")")) {
          policies.add(policy);
        }
      }
    }
  }

  /** The place of a route, as its name within the service says; the rest is the split's. */
  Optional<String> route(String name) {
    return policies.stream()
        .flatMap(policy -> index(policy, name).map(i -> at(policy, path(i, ""))).stream())
        .findFirst()
        .or(() -> made(name));
  }

  /** The place of what makes a route that is not written. */
  private Optional<String> made(String name) {
    return switch (name) {
      case "split" -> said("split").or(() -> said("rollout"));
      case BlueGreen.Preview.ROUTE -> said("rollout.blueGreen.preview");
      default -> Optional.empty();
    };
  }

  /**
   * Where a setting is said: by the route, by the version, or for the service.
   *
   * @param name its path below {@code spec}, such as {@code timeouts.request}
   * @param route of the route within the service
   * @param version of the version; empty for none
   */
  Optional<String> setting(String name, String route, String version) {
    for (TrafficPolicy policy : policies) {
      Optional<String> own =
          index(policy, route)
              .flatMap(i -> said(policy, path(i, "." + name)))
              .or(
                  () ->
                      version(policy, version)
                          .flatMap(
                              i -> said(policy, "$.spec.versions[" + i + "].overrides." + name)));
      if (own.isPresent()) {
        return own;
      }
    }
    return said(name);
  }

  private Optional<String> said(String name) {
    return policies.stream().flatMap(policy -> said(policy, "$.spec." + name).stream()).findFirst();
  }

  private static Optional<String> said(TrafficPolicy policy, String path) {
    Map<String, Location> positions = policy.origin().positions();
    return Optional.ofNullable(positions.get(path)).map(place -> policy.key() + " (" + place + ")");
  }

  private static String at(TrafficPolicy policy, String path) {
    return policy.key() + " (" + policy.origin().at(path) + ")";
  }

  private static String path(int route, String rest) {
    return "$.spec.routes[" + route + "]" + rest;
  }

  private static Optional<Integer> index(TrafficPolicy policy, String name) {
    List<Route> routes = policy.spec().routes();
    for (int i = 0; i < routes.size(); i++) {
      if (routes.get(i).name().equals(name)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private static Optional<Integer> version(TrafficPolicy policy, String name) {
    List<Version> versions = policy.spec().versions();
    for (int i = 0; i < versions.size(); i++) {
      if (versions.get(i).name().equals(name)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }
}
