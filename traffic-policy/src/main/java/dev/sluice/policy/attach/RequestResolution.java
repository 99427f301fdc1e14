package dev.sluice.policy.attach;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.FaultPolicy.AbortPolicy;
import dev.sluice.policy.attach.FaultPolicy.AbortPolicy.Code;
import dev.sluice.policy.attach.FaultPolicy.DelayPolicy;
import dev.sluice.policy.attach.MirrorPolicy.Target;
import dev.sluice.spec.Fault;
import dev.sluice.spec.HashKey;
import dev.sluice.spec.Limits;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.Mirror;
import dev.sluice.spec.Percent;
import dev.sluice.spec.RateLimit;
import dev.sluice.spec.RateLimit.Side;
import dev.sluice.spec.Route;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Turns merged sections of requests into policies without gaps. */
final class RequestResolution {

  private RequestResolution() {}

  /**
   * The policy of {@code sections}, which lie over {@link BuiltIn#SECTIONS}.
   *
   * @param type how instances are picked
   * @param hash what of a request is hashed; empty for nothing
   * @param route whose own the rate limit is; empty for the service's
   */
  static RequestPolicy requests(
      RequestSections sections,
      LoadBalancer.Type type,
      Protocol protocol,
      List<HashKey> hash,
      String route) {
    return new RequestPolicy(
        Resolution.retry(requireNonNull(sections.retry()), type, protocol),
        Resolution.timeouts(requireNonNull(sections.timeouts())),
        Optional.ofNullable(sections.mirror()).flatMap(RequestResolution::mirror),
        Optional.ofNullable(sections.fault()).flatMap(RequestResolution::fault),
        requestBody(sections, protocol),
        protocol == Protocol.HTTP ? sections.upgrade() : List.of(),
        limit(sections.limit(), Side.OUTBOUND, route),
        sections.globalLimits(),
        sections.hash().isEmpty() || hash.isEmpty() ? hash : sections.hash(),
        Optional.ofNullable(sections.traced()),
        requireNonNullElse(sections.authz(), Route.Authorization.INHERIT));
  }

  private static Optional<MirrorPolicy> mirror(Mirror mirror) {
    Percent percent = requireNonNullElse(mirror.percent(), Percent.ALL);
    return percent.millionths() == 0
        ? Optional.empty()
        : target(mirror).map(target -> new MirrorPolicy(target, percent));
  }

  private static Optional<Target> target(Mirror mirror) {
    if (mirror.version() != null) {
      return Optional.of(new Target.OfVersion(mirror.version()));
    }
    return Optional.ofNullable(mirror.service())
        .map(service -> new Target.OfService(ServiceId.parse(service, "")));
  }

  private static Optional<FaultPolicy> fault(Fault fault) {
    Optional<DelayPolicy> delay =
        Optional.ofNullable(fault.delay()).flatMap(RequestResolution::delay);
    Optional<AbortPolicy> abort =
        Optional.ofNullable(fault.abort()).flatMap(RequestResolution::abort);
    return delay.isEmpty() && abort.isEmpty()
        ? Optional.empty()
        : Optional.of(new FaultPolicy(delay, abort));
  }

  private static Optional<DelayPolicy> delay(Fault.Delay delay) {
    Percent percent = requireNonNullElse(delay.percent(), Percent.ALL);
    return delay.time() == null || percent.millionths() == 0
        ? Optional.empty()
        : Optional.of(new DelayPolicy(delay.time(), percent));
  }

  private static Optional<AbortPolicy> abort(Fault.Abort abort) {
    Percent percent = requireNonNullElse(abort.percent(), Percent.ALL);
    if (percent.millionths() == 0) {
      return Optional.empty();
    }
    if (abort.httpStatus() != null) {
      return Optional.of(new AbortPolicy(abort.httpStatus(), Code.HTTP, percent));
    }
    return Optional.ofNullable(abort.grpcStatus())
        .map(status -> new AbortPolicy(status, Code.GRPC, percent));
  }

  /** A body is read whole to be measured, which one that goes on and on cannot be. */
  private static OptionalLong requestBody(RequestSections sections, Protocol protocol) {
    Limits limits = sections.limits();
    return limits == null
            || limits.requestBody() == null
            || limits.requestBody().bytes() == 0
            || !sections.upgrade().isEmpty()
            || protocol == Protocol.GRPC
        ? OptionalLong.empty()
        : OptionalLong.of(limits.requestBody().bytes());
  }

  /** The limit of {@code local}, where it is counted on that side. */
  static Optional<LocalLimitPolicy> limit(
      RateLimit.@Nullable Local local, Side side, String route) {
    return local == null
            || local.requests() == null
            || local.per() == null
            || requireNonNullElse(local.side(), Side.OUTBOUND) != side
        ? Optional.empty()
        : Optional.of(
            new LocalLimitPolicy(
                route,
                local.requests(),
                local.per(),
                requireNonNullElse(local.burst(), local.requests())));
  }
}
