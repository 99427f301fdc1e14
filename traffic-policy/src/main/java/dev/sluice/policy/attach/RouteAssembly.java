package dev.sluice.policy.attach;

import static java.util.Objects.requireNonNull;

import dev.sluice.catalog.Protocol;
import dev.sluice.policy.attach.EffectiveRoute.Action;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.HashKey;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.RateLimit.Side;
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
  private final List<HashKey> hash;
  private final VersionChecks versions;
  private final Map<DocumentKey, PolicyStatus> statuses;

  /**
   * @param sections what holds for the service, without gaps
   * @param hash what of a request is hashed; empty for nothing
   * @param applied the service's policies
   * @param statuses takes what the merged sections show to be wrong
   */
  RouteAssembly(
      Resilience sections,
      Protocol protocol,
      List<HashKey> hash,
      List<Candidate> applied,
      VersionChecks versions,
      Map<DocumentKey, PolicyStatus> statuses) {
    this.type = requireNonNull(requireNonNull(sections.loadBalancer()).type());
    this.protocol = protocol;
    this.hash = hash;
    this.versions = versions;
    this.statuses = statuses;
    this.service = ofService(sections, applied);
  }

  private RequestSections ofService(Resilience sections, List<Candidate> applied) {
    RequestSections own = RequestSections.of(sections);
    for (Candidate candidate : applied) {
      RequestSections said = RequestSections.of(candidate);
      own = own.with(known(candidate, said, "$.spec"));
    }
    for (Candidate candidate : applied) {
      RequestSections said = RequestSections.of(candidate);
      new RouteChecks(candidate, "$.spec", statuses).ofKinds(said, own, protocol);
    }
    return own;
  }

  /** How requests are treated where no route says otherwise. */
  RequestPolicy ofService() {
    return RequestResolution.requests(service, type, protocol, hash, "");
  }

  /** How many requests the proxy beside a called instance lets through. */
  Optional<LocalLimitPolicy> inboundLimit() {
    return RequestResolution.limit(service.limit(), Side.INBOUND, "");
  }

  /** The candidate's routes without those that name an unknown version. */
  List<EffectiveRoute> of(Candidate candidate) {
    List<EffectiveRoute> routes = new ArrayList<>();
    List<Route> written = candidate.spec().routes();
    for (int i = 0; i < written.size(); i++) {
      route(candidate, written.get(i), "$.spec.routes[" + i + "]").ifPresent(routes::add);
    }
    return routes;
  }

  /** The route to what is previewed; empty where that is not known. */
  Optional<EffectiveRoute> preview(Candidate candidate, RolloutPreview preview) {
    return versions.isDeclared(preview.version())
        ? route(candidate, preview.route(), RolloutPreview.PATH)
        : Optional.empty();
  }

  private Optional<EffectiveRoute> route(Candidate candidate, Route route, String path) {
    RequestSections own = known(candidate, RequestSections.of(route, candidate), path);
    RequestSections merged = service.with(own);
    RouteChecks checks = new RouteChecks(candidate, path, statuses);
    checks.ofKinds(own, merged, protocol);
    if (route.respond() == null && route.redirect() == null) {
      checks.ofTimes(own, merged);
      checks.ofHash(own, hash);
    }
    RequestPolicy requests =
        RequestResolution.requests(
            merged, type, protocol, hash, own.limit() == null ? "" : route.name());
    return action(candidate, route, path)
        .map(action -> new EffectiveRoute(route.name(), route.match(), action, requests));
  }

  /** Without a mirror to a version that is not known. */
  private RequestSections known(Candidate candidate, RequestSections sections, String path) {
    String version = sections.mirror() == null ? null : sections.mirror().version();
    return version == null || versions.isKnown(candidate, version, path + ".mirror.version")
        ? sections
        : sections.withoutMirror();
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
