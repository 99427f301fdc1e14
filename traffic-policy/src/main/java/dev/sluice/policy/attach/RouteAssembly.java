package dev.sluice.policy.attach;

import static java.util.Objects.requireNonNull;

import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.EffectiveRoute.Action;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.Mirror;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The routes of a service's policies, each with the service's own sections merged under its. */
final class RouteAssembly {
  private final RequestSections service;
  private final LoadBalancer.Type type;
  private final Protocol protocol;
  private final VersionChecks versions;
  private final Map<DocumentKey, PolicyStatus> statuses;

  /**
   * @param sections what holds for the service, without gaps
   * @param applied the service's policies
   * @param statuses takes what the merged sections show to be wrong
   */
  RouteAssembly(
      Resilience sections,
      Protocol protocol,
      List<Candidate> applied,
      VersionChecks versions,
      Map<DocumentKey, PolicyStatus> statuses) {
    this.type = requireNonNull(requireNonNull(sections.loadBalancer()).type());
    this.protocol = protocol;
    this.versions = versions;
    this.statuses = statuses;
    this.service = ofService(sections, applied);
  }

  private RequestSections ofService(Resilience sections, List<Candidate> applied) {
    RequestSections own = new RequestSections(sections.retry(), sections.timeouts(), null);
    for (Candidate candidate : applied) {
      Mirror mirror = mirror(candidate, candidate.spec().mirror(), "$.spec.mirror");
      own = own.with(new RequestSections(null, null, mirror));
    }
    return own;
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
      RequestSections merged = service.with(ofRoute(candidate, route, path));
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

  private RequestSections ofRoute(Candidate candidate, Route route, String path) {
    return new RequestSections(
        route.retry(), route.timeouts(), mirror(candidate, route.mirror(), path + ".mirror"));
  }

  /** The mirror with its service's namespace; none to a version that is not known. */
  private @Nullable Mirror mirror(Candidate candidate, @Nullable Mirror mirror, String path) {
    if (mirror == null
        || (mirror.version() != null
            && !versions.isKnown(candidate, mirror.version(), path + ".version"))) {
      return null;
    }
    String service =
        mirror.service() == null
            ? null
            : ServiceId.parse(mirror.service(), candidate.namespace()).toString();
    return new Mirror(mirror.version(), service, mirror.percent());
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
