package dev.sluice.policy.attach;

import dev.sluice.catalog.Protocol;
import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.problem.Problem;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.HashKey;
import dev.sluice.spec.Limits;
import dev.sluice.spec.RateLimit;
import dev.sluice.spec.Retry;
import dev.sluice.spec.Route;
import dev.sluice.spec.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rules between what a service or a route says of its requests and what that is merged with, which
 * may be of other documents. A breach is a warning.
 */
final class RouteChecks {
  private final Candidate candidate;
  private final String path;
  private final Map<DocumentKey, PolicyStatus> statuses;

  /**
   * @param path where the sections stand
   * @param statuses takes what is found
   */
  RouteChecks(Candidate candidate, String path, Map<DocumentKey, PolicyStatus> statuses) {
    this.candidate = candidate;
    this.path = path;
    this.statuses = statuses;
  }

  /** What excludes each other, or the protocol. */
  void ofKinds(RequestSections own, RequestSections merged, Protocol protocol) {
    Limits limits = own.limits();
    boolean limited =
        limits != null && limits.requestBody() != null && limits.requestBody().bytes() > 0;
    if (limited && (protocol == Protocol.GRPC || !merged.upgrade().isEmpty())) {
      String what = protocol == Protocol.GRPC ? "protocol grpc" : "upgrade";
      warn(
          "limits.requestBody",
          "is not kept: a body is read whole to be measured, which excludes " + what);
    }
    if (!own.upgrade().isEmpty() && protocol != Protocol.HTTP) {
      warn("upgrade", "is left out: it needs protocol http, which the service does not speak");
    }
  }

  /** Limits that gateways count where no gateway has the service. */
  static void ofGateways(List<Candidate> applied, Map<DocumentKey, PolicyStatus> statuses) {
    if (applied.stream().anyMatch(candidate -> !candidate.gateways().isEmpty())) {
      return;
    }
    for (Candidate candidate : applied) {
      ofGateways(candidate.spec().rateLimit(), candidate, "$.spec", statuses);
      List<Route> routes = candidate.spec().routes();
      for (int i = 0; i < routes.size(); i++) {
        ofGateways(routes.get(i).rateLimit(), candidate, "$.spec.routes[" + i + "]", statuses);
      }
    }
  }

  private static void ofGateways(
      @Nullable RateLimit given,
      Candidate candidate,
      String path,
      Map<DocumentKey, PolicyStatus> statuses) {
    if (given != null && !given.global().isEmpty()) {
      new RouteChecks(candidate, path, statuses)
          .warn(
              "rateLimit.global",
              "is not counted by anybody: gateways count, and the service is at none; attach it to"
                  + " one whose Gateway has a rateLimitService, or limit its callers with"
                  + " rateLimit.local");
    }
  }

  /** A hash that nothing looks at. */
  void ofHash(RequestSections own, List<HashKey> ofService) {
    if (!own.hash().isEmpty() && ofService.isEmpty()) {
      warn("hash", "is not looked at: loadBalancer.type is not ConsistentHash");
    }
  }

  /** A try that is longer than the whole request. */
  void ofTimes(RequestSections own, RequestSections merged) {
    Duration perTry = perTry(merged.retry());
    Duration request = request(merged.timeouts());
    if (perTry == null
        || request == null
        || request.isZero()
        || perTry.compareTo(request) < 0
        || (perTry(own.retry()) == null && request(own.timeouts()) == null)) {
      return;
    }
    warn(
        request(own.timeouts()) == null ? "retry.perTryTimeout" : "timeouts.request",
        "perTryTimeout (%s) must be shorter than timeouts.request (%s); Envoy ignores it on this route"
            .formatted(Durations.text(perTry), Durations.text(request)));
  }

  private static @Nullable Duration perTry(@Nullable Retry retry) {
    return retry == null ? null : retry.perTryTimeout();
  }

  private static @Nullable Duration request(@Nullable Timeouts timeouts) {
    return timeouts == null ? null : timeouts.request();
  }

  private void warn(String key, String message) {
    String at = path + "." + key;
    Problem problem = Problem.warning(candidate.policy().origin().at(at), at, message);
    statuses.computeIfPresent(
        candidate.key(), (ignored, status) -> status.with(Reason.ACCEPTED, problem));
  }
}
