package dev.sluice.policy.attach;

import static java.util.Objects.requireNonNull;

import dev.sluice.catalog.Protocol;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.Retry;
import dev.sluice.spec.Route;
import dev.sluice.spec.Timeouts;
import org.jspecify.annotations.Nullable;

/**
 * The sections that a service and each of its routes may give, as written (policy.md, section 1,
 * precedence).
 *
 * @param retry null where nothing is said
 * @param timeouts null where nothing is said
 */
record RequestSections(@Nullable Retry retry, @Nullable Timeouts timeouts) {

  /** A service's own, over what holds in its namespace. */
  static RequestSections ofService(Resilience merged) {
    return new RequestSections(merged.retry(), merged.timeouts());
  }

  /** These with a route's merged over them. */
  RequestSections with(Route route) {
    return Merge.over(this, new RequestSections(route.retry(), route.timeouts()));
  }

  /** These with every default filled in, where the built-in ones lie under them. */
  RequestPolicy resolved(LoadBalancer.Type type, Protocol protocol) {
    return new RequestPolicy(
        Resolution.retry(requireNonNull(retry), type, protocol),
        Resolution.timeouts(requireNonNull(timeouts)));
  }
}
