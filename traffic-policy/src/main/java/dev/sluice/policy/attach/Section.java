package dev.sluice.policy.attach;

import dev.sluice.spec.TrafficPolicySpec;
import java.util.function.Predicate;

/**
 * The sections of a policy that only one policy may set for one port of a service. {@code attach}
 * is not among them: hosts are told apart one by one.
 */
enum Section {
  BACKENDS("target.backends", spec -> !spec.target().backends().isEmpty()),
  PROTOCOL("protocol", spec -> spec.protocol() != null),
  VERSIONS("versions", spec -> !spec.versions().isEmpty()),
  SPLIT("split", spec -> spec.split() != null),
  ROUTES("routes", spec -> !spec.routes().isEmpty()),
  LOAD_BALANCER("loadBalancer", spec -> spec.loadBalancer() != null),
  CONNECTION_POOL("connectionPool", spec -> spec.connectionPool() != null),
  CIRCUIT_BREAKER("circuitBreaker", spec -> spec.circuitBreaker() != null),
  RETRY("retry", spec -> spec.retry() != null),
  TIMEOUTS("timeouts", spec -> spec.timeouts() != null);

  private final String key;
  private final Predicate<TrafficPolicySpec> isSet;

  Section(String key, Predicate<TrafficPolicySpec> isSet) {
    this.key = key;
    this.isSet = isSet;
  }

  /** As documents write it. */
  String key() {
    return key;
  }

  /** Its place within a document. */
  String path() {
    return "$.spec." + key;
  }

  /**
   * Whether both set it where the other does. Routes of different policies stand side by side as
   * long as not both hold in the mesh, since the hosts that they hold under are never the same.
   */
  boolean isSharedBy(Candidate one, Candidate other) {
    return isSet.test(one.spec())
        && isSet.test(other.spec())
        && (this != ROUTES || one.isInMesh() && other.isInMesh());
  }
}
