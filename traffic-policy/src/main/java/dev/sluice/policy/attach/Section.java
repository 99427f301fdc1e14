package dev.sluice.policy.attach;

import dev.sluice.spec.TrafficPolicySpec;

/**
 * The sections of a policy that only one policy may set for one port of a service. {@code attach}
 * is not among them: hosts are told apart one by one.
 */
enum Section {
  BACKENDS("target.backends"),
  PROTOCOL("protocol"),
  VERSIONS("versions"),
  SPLIT("split"),
  ROUTES("routes"),
  LOAD_BALANCER("loadBalancer"),
  CONNECTION_POOL("connectionPool"),
  CIRCUIT_BREAKER("circuitBreaker"),
  RETRY("retry"),
  TIMEOUTS("timeouts"),
  MIRROR("mirror"),
  DEGRADE("degrade"),
  FAULT("fault"),
  LIMITS("limits"),
  UPGRADE("upgrade"),
  RATE_LIMIT("rateLimit"),
  HEALTH("health"),
  LOCALITY("locality"),
  UPSTREAM_TLS("upstreamTLS"),
  TELEMETRY("telemetry"),
  ENVOY("envoy");

  private final String key;

  Section(String key) {
    this.key = key;
  }

  /** As that candidate writes it: a rollout is what gives it its split. */
  String key(Candidate candidate) {
    return this == SPLIT && candidate.spec().rollout() != null ? "rollout" : key;
  }

  /** Its place within that candidate's document. */
  String path(Candidate candidate) {
    return "$.spec." + key(candidate);
  }

  /**
   * Whether both set it where the other does. Routes of different policies stand side by side as
   * long as not both hold in the mesh, since the hosts that they hold under are never the same.
   */
  boolean isSharedBy(Candidate one, Candidate other) {
    return isSetIn(one.spec())
        && isSetIn(other.spec())
        && (this != ROUTES || (one.isInMesh() && other.isInMesh()));
  }

  private boolean isSetIn(TrafficPolicySpec spec) {
    return switch (this) {
      case BACKENDS -> !spec.target().backends().isEmpty();
      case PROTOCOL -> spec.protocol() != null;
      case VERSIONS -> !spec.versions().isEmpty();
      case SPLIT -> spec.split() != null || spec.rollout() != null;
      case ROUTES -> !spec.routes().isEmpty();
      case LOAD_BALANCER -> spec.loadBalancer() != null;
      case CONNECTION_POOL -> spec.connectionPool() != null;
      case CIRCUIT_BREAKER -> spec.circuitBreaker() != null;
      case RETRY -> spec.retry() != null;
      case TIMEOUTS -> spec.timeouts() != null;
      case MIRROR -> spec.mirror() != null;
      case DEGRADE -> spec.degrade() != null;
      case FAULT -> spec.fault() != null;
      case LIMITS -> spec.limits() != null;
      case UPGRADE -> !spec.upgrade().isEmpty();
      case RATE_LIMIT -> spec.rateLimit() != null;
      case HEALTH -> spec.health() != null;
      case LOCALITY -> spec.locality() != null;
      case UPSTREAM_TLS -> spec.upstreamTls() != null;
      case TELEMETRY -> spec.telemetry() != null;
      case ENVOY -> spec.envoy() != null;
    };
  }
}
