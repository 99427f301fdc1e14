package dev.sluice.server.explain;

import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.server.explain.Arrival.Client;
import dev.sluice.server.explain.Explanation.ClusterShare;
import dev.sluice.server.explain.Explanation.LookedAt;
import dev.sluice.server.explain.Explanation.Setting;
import dev.sluice.server.explain.Explanation.Step;
import dev.sluice.server.explain.Explanation.Target;
import dev.sluice.server.explain.Explanation.VersionShare;
import dev.sluice.server.explain.Holds.Answer;
import dev.sluice.server.explain.Routing.Looked;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.spec.Documents;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Puts a decision into words, with the places in documents and what the catalog knows. */
final class Telling {
  private final Decision decision;
  private final List<String> documents;
  private final Places places;
  private final Map<String, Callable> clusters = new LinkedHashMap<>();

  Telling(Decision decision, Held held, PolicyIndex index, Documents inForce) {
    this.decision = decision;
    this.documents = documents();
    this.places = new Places(inForce, documents);
    Instances instances = new Instances(index);
    for (Destination.Share share : shares()) {
      clusters.computeIfAbsent(share.cluster(), name -> Callable.of(held, name, instances));
    }
  }

  private List<String> documents() {
    Optional<VirtualHost> host = virtualHost();
    return decision
        .routes()
        .map(Resource::provenance)
        .flatMap(from -> host.map(it -> from.parts().getOrDefault(it.getName(), List.of())))
        .orElse(List.of());
  }

  private Optional<VirtualHost> virtualHost() {
    return decision.routing().flatMap(Routing::host).map(Hosts.Found::host);
  }

  Optional<Route> route() {
    return decision.routing().flatMap(Routing::taken);
  }

  List<Destination.Share> shares() {
    return decision.destination().orElse(null) instanceof Destination.Forward forward
        ? forward.shares()
        : List.of();
  }

  /** The clusters that are picked from, by name. */
  Map<String, Callable> clusters() {
    return clusters;
  }

  Optional<Step> listener() {
    return decision
        .entrance()
        .listener()
        .map(
            resource ->
                new Step(
                    resource.name(),
                    List.of(decision.entrance().because()),
                    resource.provenance().documents()));
  }

  Optional<Step> host() {
    return decision
        .routing()
        .flatMap(Routing::host)
        .map(
            found -> new Step(found.host().getName(), List.of(because(found.domain())), documents));
  }

  private static String because(String domain) {
    if (domain.equals("*")) {
      return "no other virtual host is for the request's host, and it takes every one";
    }
    return domain.startsWith("*") || domain.endsWith("*")
        ? "of the wildcards that fit, its domain " + domain + " is the longest"
        : "the request's host is its domain " + domain;
  }

  Optional<Step> taken() {
    return decision
        .routing()
        .filter(routing -> routing.taken().isPresent())
        .map(
            routing ->
                new Step(
                    routing.looked().getLast().route().getName(),
                    routing.looked().getLast().because(),
                    place(routing.looked().getLast().route().getName())));
  }

  private List<String> place(String route) {
    Optional<String> nearest = places.route(inService(route));
    return nearest.map(List::of).orElse(documents);
  }

  /** Routes are named {@code service.namespace/route}. */
  private static String inService(String route) {
    return route.substring(route.lastIndexOf('/') + 1);
  }

  List<LookedAt> looked() {
    return decision.routing().map(Routing::looked).orElse(List.of()).stream()
        .filter(looked -> looked.answer() != Answer.YES)
        .map(this::looked)
        .toList();
  }

  private LookedAt looked(Looked looked) {
    String name = looked.route().getName();
    return new LookedAt(name, looked.answer(), looked.because(), places.route(inService(name)));
  }

  Target target() {
    return switch (decision.destination().orElse(null)) {
      case Destination.Forward to ->
          new Target(
              clusterShares(to),
              versionShares(to),
              to.path(),
              to.host(),
              Optional.empty(),
              Optional.empty());
      case Destination.Redirect(_, String location) ->
          new Target(
              List.of(),
              List.of(),
              Optional.empty(),
              Optional.empty(),
              Optional.of(location),
              Optional.empty());
      case Destination.Answer(_, String body) ->
          new Target(
              List.of(),
              List.of(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.of(body));
      case Destination.Failure _, Destination.Unknown _ -> Target.NONE;
      case null -> Target.NONE;
    };
  }

  private List<ClusterShare> clusterShares(Destination.Forward to) {
    List<ClusterShare> shares = new ArrayList<>();
    for (Destination.Share share : to.shares()) {
      Callable cluster = callable(share.cluster());
      shares.add(
          new ClusterShare(
              share.cluster(),
              share.weight(),
              Percentage.of(share.weight(), to.total()),
              cluster.problem().or(cluster::warning),
              cluster.instances(),
              cluster.from().map(from -> from.provenance().documents()).orElse(List.of())));
    }
    return shares;
  }

  private Callable callable(String cluster) {
    Callable callable = clusters.get(cluster);
    if (callable == null) {
      throw new IllegalStateException("a share of a cluster that was not looked for: " + cluster);
    }
    return callable;
  }

  /** A cluster of all instances shares among versions by the weights of these. */
  private List<VersionShare> versionShares(Destination.Forward to) {
    Map<String, Double> shares = new TreeMap<>();
    for (Destination.Share share : to.shares()) {
      double percent = Percentage.exact(share.weight(), to.total());
      Optional<String> version = ClusterName.parse(share.cluster()).flatMap(ClusterName::version);
      if (version.isPresent()) {
        shares.merge(version.get(), percent, Double::sum);
      } else {
        List<Explanation.Instance> called = callable(share.cluster()).called();
        long all = called.stream().mapToLong(Explanation.Instance::weight).sum();
        called.forEach(
            one ->
                shares.merge(
                    one.version(), percent * one.weight() / Math.max(1, all), Double::sum));
      }
    }
    shares.remove("");
    return shares.entrySet().stream()
        .map(entry -> new VersionShare(entry.getKey(), Percentage.rounded(entry.getValue())))
        .toList();
  }

  List<Setting> settings() {
    Optional<Route> route = route();
    Optional<VirtualHost> host = virtualHost();
    if (route.isEmpty() || host.isEmpty()) {
      return List.of();
    }
    Client client = decision.seen().map(seen -> seen.arrival().client()).orElse(Client.ENVOY);
    Met met = new Met(places, inService(route.get().getName()));
    List<Setting> settings =
        new ArrayList<>(met.atRoute(RouteSettings.of(host.get(), route.get(), client)));
    settings.addAll(met.atClusters(clusters));
    return settings;
  }
}
