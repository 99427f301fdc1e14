package dev.sluice.policy.attach;

import static java.util.Objects.requireNonNull;

import dev.sluice.catalog.Protocol;
import dev.sluice.policy.attach.EffectiveRoute.Action;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The routes of a service's policies, each with the service's own sections merged under its. */
final class RouteAssembly {
  private final RequestSections service;
  private final LoadBalancer.Type type;
  private final Protocol protocol;
  private final VersionChecks versions;
  private final Map<DocumentKey, PolicyStatus> statuses;

  /**
   * @param sections what holds for the service, without gaps
   * @param statuses takes what the merged sections show to be wrong
   */
  RouteAssembly(
      Resilience sections,
      Protocol protocol,
      VersionChecks versions,
      Map<DocumentKey, PolicyStatus> statuses) {
    this.service = RequestSections.ofService(sections);
    this.type = requireNonNull(requireNonNull(sections.loadBalancer()).type());
    this.protocol = protocol;
    this.versions = versions;
    this.statuses = statuses;
  }

  /** How requests are treated where no route says otherwise. */
  RequestPolicy ofService() {
    return service.resolved(type, protocol);
  }

  /** The candidate's routes without those that name an unknown version. */
  List<EffectiveRoute> of(Candidate candidate) {
    List<EffectiveRoute> routes = new ArrayList<>();
    List<Route> written = candidate.spec().routes();
    for (int i = 0; i < written.size(); i++) {
      Route route = written.get(i);
      String path = "$.spec.routes[" + i + "]";
      RequestSections merged = service.with(route);
      RouteChecks.check(merged, route, path, candidate, statuses);
      action(candidate, route, path)
          .map(
              action ->
                  new EffectiveRoute(
                      route.name(), route.match(), action, merged.resolved(type, protocol)))
          .ifPresent(routes::add);
    }
    return routes;
  }

  private Optional<Action> action(Candidate candidate, Route route, String path) {
    if (route.respond() != null) {
      String body = route.respond().body();
      return Optional.of(new Action.Respond(route.respond().status(), body == null ? "" : body));
    }
    if (route.redirect() != null) {
      return Optional.of(new Action.Redirect(route.redirect()));
    }
    if (route.to() == null) {
      return Optional.of(new Action.ToSplit(Optional.ofNullable(route.rewrite())));
    }
    return versions
        .shares(candidate, route.to(), path + ".to")
        .map(shares -> new Action.ToVersions(shares, Optional.ofNullable(route.rewrite())));
  }
}
