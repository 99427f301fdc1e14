package dev.sluice.policy.attach;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.sluice.catalog.Protocol;
import dev.sluice.policy.attach.HealthPolicy.ActivePolicy;
import dev.sluice.policy.attach.HealthPolicy.Probe;
import dev.sluice.spec.HealthCheck;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Turns the merged section {@code health} into a policy without gaps. */
final class HealthResolution {
  private HealthResolution() {}

  /**
   * The policy of {@code merged}.
   *
   * @param protocol what the instances speak
   */
  static HealthPolicy of(HealthCheck merged, Protocol protocol) {
    HealthCheck.Source source = requireNonNull(merged.source());
    HealthCheck.Active active = merged.active();
    Optional<Probe> probe = active == null ? Optional.empty() : probe(active, protocol);
    if (!source.asks() || active == null || probe.isEmpty()) {
      return new HealthPolicy(
          HealthCheck.Source.READINESS, requireNonNull(merged.panicPercent()), Optional.empty());
    }
    HealthCheck.Active all = Merge.over(BuiltIn.ACTIVE, active);
    Integer port = all.port();
    return new HealthPolicy(
        source,
        requireNonNull(merged.panicPercent()),
        Optional.of(
            new ActivePolicy(
                probe.get(),
                requireNonNull(all.interval()),
                requireNonNull(all.timeout()),
                requireNonNull(all.unhealthyThreshold()),
                requireNonNull(all.healthyThreshold()),
                port == null ? OptionalInt.empty() : OptionalInt.of(port))));
  }

  private static Optional<Probe> probe(HealthCheck.Active active, Protocol protocol) {
    HealthCheck.Http http = active.http();
    if (http != null) {
      return Optional.of(
          new Probe.Http(
              http.path(),
              requireNonNullElse(http.host(), ""),
              http.expect().isEmpty() ? List.of(BuiltIn.EXPECTED_STATUS) : http.expect()));
    }
    HealthCheck.Grpc grpc = active.grpc();
    if (grpc != null) {
      return Optional.of(
          isH2(protocol)
              ? new Probe.Grpc(requireNonNullElse(grpc.service(), ""))
              : new Probe.Tcp());
    }
    return active.tcp() == null ? Optional.empty() : Optional.of(new Probe.Tcp());
  }

  /** Whether instances can be asked by gRPC; Envoy refuses a Cluster of h1 that would. */
  static boolean isH2(Protocol protocol) {
    return switch (protocol) {
      case HTTP2, GRPC -> true;
      case HTTP, TCP -> false;
    };
  }
}
