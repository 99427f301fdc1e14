package dev.sluice.policy.attach;

import dev.sluice.catalog.ServiceId;
import dev.sluice.spec.Fault;
import dev.sluice.spec.HashKey;
import dev.sluice.spec.Limits;
import dev.sluice.spec.Mirror;
import dev.sluice.spec.Percent;
import dev.sluice.spec.RateLimit;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.Retry;
import dev.sluice.spec.Route;
import dev.sluice.spec.Timeouts;
import dev.sluice.spec.TrafficPolicySpec;
import dev.sluice.spec.Upgrade;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sections that a service and each of its routes may give, as written (policy.md, section 1,
 * precedence). What is null, or an empty list, says nothing.
 *
 * @param mirror with the namespace of its service
 * @param globalLimits under names of their own
 * @param hash a route's own; empty for the service's
 * @param traced of the requests
 * @param authz a route's own
 */
record RequestSections(
    @Nullable Retry retry,
    @Nullable Timeouts timeouts,
    @Nullable Mirror mirror,
    @Nullable Fault fault,
    @Nullable Limits limits,
    List<Upgrade> upgrade,
    RateLimit.@Nullable Local limit,
    List<GlobalLimitPolicy> globalLimits,
    List<HashKey> hash,
    @Nullable Percent traced,
    Route.@Nullable Authorization authz) {

  /** What holds in a service's namespace. */
  static RequestSections of(Resilience merged) {
    return new RequestSections(
        merged.retry(),
        merged.timeouts(),
        null,
        null,
        null,
        List.of(),
        null,
        List.of(),
        List.of(),
        null,
        null);
  }

  /** What a policy says of its service beside the sections of {@link Resilience}. */
  static RequestSections of(Candidate candidate) {
    TrafficPolicySpec spec = candidate.spec();
    return new RequestSections(
        null,
        null,
        named(spec.mirror(), candidate.namespace()),
        spec.fault(),
        spec.limits(),
        spec.upgrade(),
        spec.rateLimit() == null ? null : spec.rateLimit().local(),
        globalLimits(spec.rateLimit(), owner(candidate)),
        List.of(),
        spec.telemetry() == null ? null : spec.telemetry().samplePercent(),
        null);
  }

  /** What a policy says of a route of its own. */
  static RequestSections of(Route route, Candidate candidate) {
    return new RequestSections(
        route.retry(),
        route.timeouts(),
        named(route.mirror(), candidate.namespace()),
        route.fault(),
        route.limits(),
        route.upgrade(),
        route.rateLimit() == null ? null : outbound(route.rateLimit().local()),
        globalLimits(route.rateLimit(), owner(candidate) + "/" + route.name()),
        route.hash(),
        null,
        route.authz());
  }

  private static String owner(Candidate candidate) {
    return candidate.namespace() + "/" + candidate.key().name();
  }

  private static List<GlobalLimitPolicy> globalLimits(@Nullable RateLimit given, String owner) {
    return given == null ? List.of() : GlobalLimitPolicy.of(given, owner);
  }

  /**
   * Routes are taken by callers' proxies, so that is where their requests are counted. A route that
   * gives a number has its own burst: the service's, meant for another number, would undo it.
   */
  private static RateLimit.@Nullable Local outbound(RateLimit.@Nullable Local local) {
    if (local == null) {
      return null;
    }
    Integer burst = local.burst() == null ? local.requests() : local.burst();
    return new RateLimit.Local(local.requests(), local.per(), burst, RateLimit.Side.OUTBOUND);
  }

  private static @Nullable Mirror named(@Nullable Mirror mirror, String namespace) {
    return mirror == null || mirror.service() == null
        ? mirror
        : new Mirror(
            mirror.version(),
            ServiceId.parse(mirror.service(), namespace).toString(),
            mirror.percent());
  }

  /** These without a mirror. */
  RequestSections withoutMirror() {
    return new RequestSections(
        retry, timeouts, null, fault, limits, upgrade, limit, globalLimits, hash, traced, authz);
  }

  /** These with others merged over them. */
  RequestSections with(RequestSections over) {
    RequestSections merged = Merge.over(this, over);
    return new RequestSections(
        oneTimer(merged.retry, over.retry),
        merged.timeouts,
        oneTarget(merged.mirror, over.mirror),
        oneStatus(merged.fault, over.fault),
        merged.limits,
        merged.upgrade,
        merged.limit,
        merged.globalLimits,
        merged.hash,
        merged.traced,
        merged.authz);
  }

  /** A try either ends or is joined by another: what lies under the one that is said gives way. */
  private static @Nullable Retry oneTimer(@Nullable Retry merged, @Nullable Retry over) {
    if (merged == null || over == null || (over.hedge() == null && over.perTryTimeout() == null)) {
      return merged;
    }
    return new Retry(
        merged.attempts(),
        over.perTryTimeout(),
        merged.retryOn(),
        merged.backoff(),
        merged.avoidPreviousHosts(),
        over.hedge());
  }

  /** A target is not merged with another that lies under it. */
  private static @Nullable Mirror oneTarget(@Nullable Mirror merged, @Nullable Mirror over) {
    return merged == null || over == null || (over.version() == null && over.service() == null)
        ? merged
        : new Mirror(over.version(), over.service(), merged.percent());
  }

  /** A status is not merged with another that lies under it. */
  private static @Nullable Fault oneStatus(@Nullable Fault merged, @Nullable Fault over) {
    Fault.Abort all = merged == null ? null : merged.abort();
    Fault.Abort own = over == null ? null : over.abort();
    return merged == null
            || all == null
            || own == null
            || (own.httpStatus() == null && own.grpcStatus() == null)
        ? merged
        : new Fault(
            merged.delay(), new Fault.Abort(own.httpStatus(), own.grpcStatus(), all.percent()));
  }
}
