package dev.sluice.translate;

import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.ServiceId;
import dev.sluice.problem.Problem;
import dev.sluice.translate.MirrorInput.ToCluster;
import dev.sluice.translate.MirrorInput.ToService;
import dev.sluice.translate.PortTranslation.GatewayRoutes;
import dev.sluice.translate.VirtualHostInput.ActionInput;
import dev.sluice.translate.VirtualHostInput.RouteInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Copies of requests that go to other services, as one group of proxies can send them: a copy to a
 * Cluster that a proxy does not have would silently come to nothing.
 */
final class Mirrors {
  private final PortTranslation port;
  private final Function<ServiceId, Optional<ServiceTranslation>> services;
  private final Predicate<PortTranslation> seen;
  private final Map<ServiceId, Optional<String>> clusters = new TreeMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private Mirrors(
      PortTranslation port,
      Function<ServiceId, Optional<ServiceTranslation>> services,
      Predicate<PortTranslation> seen) {
    this.port = port;
    this.services = services;
    this.seen = seen;
  }

  /**
   * A port whose copies all go to Clusters.
   *
   * @param port the port
   * @param problems those that are left out, and why
   */
  record Resolved(PortTranslation port, List<Problem> problems) {}

  /** The services that get copies of a port's requests. */
  static Stream<ServiceId> services(PortTranslation port) {
    return Stream.concat(
            port.routes().stream(),
            port.gateways().stream().flatMap(exposed -> exposed.routes().stream()))
        .map(RouteInput::action)
        .flatMap(
            action ->
                action instanceof ActionInput.Forward to ? to.mirror().stream() : Stream.empty())
        .flatMap(
            mirror -> mirror instanceof ToService to ? Stream.of(to.service()) : Stream.empty());
  }

  /**
   * Says which Clusters the services are that get copies of a port's requests.
   *
   * @param services every service, by its name
   * @param seen whether the group is sent a port
   */
  static Resolved resolve(
      PortTranslation port,
      Function<ServiceId, Optional<ServiceTranslation>> services,
      Predicate<PortTranslation> seen) {
    if (services(port).findAny().isEmpty()) {
      return new Resolved(port, List.of());
    }
    Mirrors mirrors = new Mirrors(port, services, seen);
    PortTranslation resolved =
        port.withRoutes(
            mirrors.routes(port.routes()),
            port.gateways().stream()
                .map(
                    exposed ->
                        new GatewayRoutes(
                            exposed.gateway(), exposed.hosts(), mirrors.routes(exposed.routes())))
                .toList());
    return new Resolved(resolved, List.copyOf(mirrors.problems));
  }

  private List<RouteInput> routes(List<RouteInput> routes) {
    return routes.stream().map(this::route).toList();
  }

  private RouteInput route(RouteInput route) {
    return route.action() instanceof ActionInput.Forward to
            && to.mirror().orElse(null) instanceof ToService mirror
        ? route.withAction(
            new ActionInput.Forward(
                to.clusters(),
                to.rewrite(),
                clusters
                    .computeIfAbsent(mirror.service(), this::cluster)
                    .map(cluster -> new ToCluster(cluster, mirror.percent()))))
        : route;
  }

  /** The Cluster with the largest share of what the service is called for. */
  private Optional<String> cluster(ServiceId service) {
    Optional<ServiceTranslation> known = services.apply(service);
    if (known.isEmpty()) {
      return leftOut("no source knows %s; correct the name, or wait for it".formatted(service));
    }
    List<PortTranslation> ports =
        known.get().ports().stream()
            .filter(each -> each.policy().protocol() != Protocol.TCP && seen.test(each))
            .toList();
    if (ports.isEmpty()) {
      return leftOut(
          "%s is not sent to these proxies, so they have nothing to mirror to; make it a dependency of theirs, or attach it to the same gateway"
              .formatted(service));
    }
    int number = port.policy().port().number();
    Optional<PortTranslation> same =
        ports.stream().filter(each -> each.policy().port().number() == number).findFirst();
    if (same.isEmpty() && ports.size() > 1) {
      return leftOut(
          "%s has several ports, and none is %d; mirror to a service of one port"
              .formatted(service, number));
    }
    return Optional.of(same.orElse(ports.getFirst()).mainCluster());
  }

  private Optional<String> leftOut(String why) {
    problems.add(Notes.warning(port.policy(), "$.spec.mirror.service", "left out: " + why));
    return Optional.empty();
  }
}
