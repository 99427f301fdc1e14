package dev.sluice.policy.attach;

import static java.util.Objects.requireNonNull;

import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.MirrorPolicy.Target;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.Mirror;
import dev.sluice.spec.Percent;
import dev.sluice.spec.Retry;
import dev.sluice.spec.Timeouts;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sections that a service and each of its routes may give, as written (policy.md, section 1,
 * precedence). Services are named with their namespaces, and versions are known.
 *
 * @param retry null where nothing is said
 * @param timeouts null where nothing is said
 * @param mirror null where nothing is said
 */
record RequestSections(
    @Nullable Retry retry, @Nullable Timeouts timeouts, @Nullable Mirror mirror) {
  private static final Percent ALL = new Percent(1_000_000);

  /** These with a route's merged over them. */
  RequestSections with(RequestSections route) {
    RequestSections merged = Merge.over(this, route);
    return new RequestSections(
        merged.retry, merged.timeouts, withTarget(merged.mirror, route.mirror));
  }

  /** There is one target: a route's own is not merged with another that lies under it. */
  private static @Nullable Mirror withTarget(@Nullable Mirror merged, @Nullable Mirror own) {
    return merged == null || own == null || (own.version() == null && own.service() == null)
        ? merged
        : new Mirror(own.version(), own.service(), merged.percent());
  }

  /** These with every default filled in, where the built-in ones lie under them. */
  RequestPolicy resolved(LoadBalancer.Type type, Protocol protocol) {
    return new RequestPolicy(
        Resolution.retry(requireNonNull(retry), type, protocol),
        Resolution.timeouts(requireNonNull(timeouts)),
        Optional.ofNullable(mirror).flatMap(RequestSections::mirror));
  }

  private static Optional<MirrorPolicy> mirror(Mirror mirror) {
    Percent percent = mirror.percent() == null ? ALL : mirror.percent();
    if (percent.millionths() == 0) {
      return Optional.empty();
    }
    return target(mirror).map(target -> new MirrorPolicy(target, percent));
  }

  private static Optional<Target> target(Mirror mirror) {
    if (mirror.version() != null) {
      return Optional.of(new Target.OfVersion(mirror.version()));
    }
    return Optional.ofNullable(mirror.service())
        .map(service -> new Target.OfService(ServiceId.parse(service, "")));
  }
}
