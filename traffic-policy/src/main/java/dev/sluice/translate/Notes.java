package dev.sluice.translate;

import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.spec.DocumentKey;
import java.util.Optional;
import java.util.stream.Collectors;

/** What translation has to tell the owners of services. */
final class Notes {
  private Notes() {}

  /** A warning at the document that has the last say, or at the service where there is none. */
  static Problem warning(EffectivePolicy policy, String path, String message) {
    if (policy.attributions().isEmpty()) {
      return Problem.warning(Location.ofFile("service " + policy.service()), "$", message);
    }
    Location location = policy.attributions().getFirst().location();
    return Problem.warning(location, path, message);
  }

  /** Limits that nobody counts at a gateway. */
  static Problem uncounted(EffectivePolicy policy, DocumentKey gateway) {
    return warning(
        policy,
        "$.spec",
        "the global limits of %s are not counted at %s, which has no rateLimitService; give it one, or use rateLimit.local"
            .formatted(policy.service(), gateway));
  }

  /** gRPC clients take certificates from their own bootstrap, and must not call in plain text. */
  static Problem needsTls(EffectivePolicy policy) {
    return warning(
        policy,
        "$.spec.upstreamTLS",
        "gRPC clients without a proxy cannot be told of certificates, so they are not sent "
            + policy.service()
            + "; call it from behind a sidecar");
  }

  /** Why a service that a gateway calls for itself cannot be called, if so. */
  static Optional<Problem> uncallable(CalledService call, Optional<ServiceTranslation> service) {
    if (service.isEmpty()) {
      return Optional.of(uncallable(call, "no source knows " + call.service()));
    }
    for (PortTranslation port : service.get().ports()) {
      if (port.policy().port().number() == call.port()) {
        return port.clusters().stream().allMatch(cluster -> cluster.dns().isEmpty())
            ? overTls(call, port.policy())
            : Optional.of(
                uncallable(
                    call,
                    call.service()
                        + " is found by a DNS name, and gateways call by addresses; give it"
                        + " endpoints instead of host"));
      }
    }
    String known =
        service.get().ports().stream()
            .map(port -> port.policy().port())
            .map(port -> (port.number() + " " + port.name()).strip())
            .collect(Collectors.joining(", "));
    String message =
        "%s has no port %d (ports: %s)"
            .formatted(call.service(), call.port(), known.isEmpty() ? "none" : known);
    return Optional.of(uncallable(call, message));
  }

  private static Optional<Problem> overTls(CalledService call, EffectivePolicy policy) {
    return policy
        .upstreamTls()
        .map(
            _ ->
                Problem.warning(
                    call.location(),
                    call.path(),
                    "is called in plain text: upstreamTLS of "
                        + call.service()
                        + " holds for requests that are routed to it, not for a gateway's own calls"));
  }

  private static Problem uncallable(CalledService call, String message) {
    String until =
        switch (call.use()) {
          case AUTHZ, RATE_LIMIT -> "until it is there, onError says what becomes of requests";
          case ACCESS_LOG -> "until it is there, log lines are lost";
          case TRACING -> "until it is there, spans are lost";
        };
    return Problem.warning(call.location(), call.path(), message + "; " + until);
  }
}
