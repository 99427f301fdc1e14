package dev.sluice.translate;

import dev.sluice.catalog.Protocol;
import dev.sluice.policy.attach.ClusterPolicy;
import dev.sluice.policy.attach.UpstreamTlsPolicy;
import dev.sluice.spec.Tree;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that a service's {@code envoy.config.cluster.v3.Cluster} is made from.
 *
 * @param name name of the Cluster and of its assignment: {@code name.namespace|port}, with {@code
 *     |version} where it is a version's
 * @param dns what its instances are found by; empty where an assignment tells them
 * @param protocol what its instances speak
 * @param policy how they are called
 * @param tls over which TLS; empty for none
 * @param statName what its statistics are named by; empty for the name
 * @param patches what is laid over the Cluster, in order
 * @param client who is sent it
 */
public record ClusterInput(
    String name,
    Optional<DnsName> dns,
    Protocol protocol,
    ClusterPolicy policy,
    Optional<UpstreamTlsPolicy> tls,
    Optional<String> statName,
    List<Tree> patches,
    ClientKind client) {
  public ClusterInput {
    Objects.requireNonNull(name);
    Objects.requireNonNull(dns);
    Objects.requireNonNull(protocol);
    Objects.requireNonNull(policy);
    Objects.requireNonNull(tls);
    Objects.requireNonNull(statName);
    patches = List.copyOf(patches);
    Objects.requireNonNull(client);
  }

  /** The secrets that a proxy needs for it. */
  public Stream<SecretUse> secrets() {
    return tls.stream()
        .flatMap(
            policy ->
                Stream.concat(
                    Stream.of(SecretUse.authorities(policy.authorities())),
                    policy.certificate().stream().map(SecretUse::keyPair)));
  }
}
