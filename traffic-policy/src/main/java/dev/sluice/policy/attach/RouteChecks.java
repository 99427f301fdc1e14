package dev.sluice.policy.attach;

import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.problem.Problem;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Retry;
import dev.sluice.spec.Route;
import dev.sluice.spec.Timeouts;
import java.time.Duration;
import java.util.Map;

/** Rules between what a route says and what it is merged over, which may be of other documents. */
final class RouteChecks {
  private RouteChecks() {}

  /**
   * Adds what is found to {@code statuses}, as warnings.
   *
   * @param merged the route's sections over the service's
   * @param path where the route stands
   */
  static void check(
      RequestSections merged,
      Route route,
      String path,
      Candidate candidate,
      Map<DocumentKey, PolicyStatus> statuses) {
    Retry retry = merged.retry();
    Timeouts timeouts = merged.timeouts();
    Duration perTry = retry == null ? null : retry.perTryTimeout();
    Duration request = timeouts == null ? null : timeouts.request();
    if (perTry == null
        || request == null
        || request.isZero()
        || perTry.compareTo(request) < 0
        || route.respond() != null
        || route.redirect() != null) {
      return;
    }
    boolean ownTry = route.retry() != null && route.retry().perTryTimeout() != null;
    boolean ownRequest = route.timeouts() != null && route.timeouts().request() != null;
    if (ownTry || ownRequest) {
      String at = path + (ownRequest ? ".timeouts.request" : ".retry.perTryTimeout");
      String message =
          "perTryTimeout (%s) must be shorter than timeouts.request (%s); Envoy ignores it on this route"
              .formatted(Durations.text(perTry), Durations.text(request));
      Problem problem = Problem.warning(candidate.policy().origin().at(at), at, message);
      statuses.computeIfPresent(
          candidate.key(), (ignored, status) -> status.with(Reason.ACCEPTED, problem));
    }
  }
}
