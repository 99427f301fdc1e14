package dev.sluice.translate;

import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.spec.RetryOn;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that an {@code envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy} is made from, but for
 * its name.
 *
 * @param clusters share by Cluster, 0 to 2^32-1 each, with a sum above 0
 * @param idle without a byte in either direction, after which a connection is closed; zero for
 *     never
 * @param longest the whole life of a connection; empty for no limit
 * @param tries how often it is tried to connect to an instance, at least 1
 * @param hashing what ConsistentHash looks at
 */
public record TcpForwarding(
    SortedMap<String, Long> clusters,
    Duration idle,
    Optional<Duration> longest,
    int tries,
    Hashing hashing) {
  private static final RetryOn CONNECT_FAILURE = RetryOn.parse("connect-failure");

  public TcpForwarding {
    clusters = Collections.unmodifiableSortedMap(new TreeMap<>(clusters));
    Objects.requireNonNull(idle);
    Objects.requireNonNull(longest);
    Objects.requireNonNull(hashing);
  }

  /** What of a connection decides its instance where that is picked by a consistent hash. */
  public enum Hashing {
    /** Nothing: any instance. */
    NONE,
    /** The address that it comes from. */
    SOURCE_IP
  }

  /** What {@code policy} says of connections, which are divided among {@code clusters}. */
  static TcpForwarding of(EffectivePolicy policy, SortedMap<String, Long> clusters) {
    boolean again = policy.requests().retry().retryOn().contains(CONNECT_FAILURE);
    return new TcpForwarding(
        clusters,
        policy.requests().timeouts().idle().orElse(policy.cluster().connectionPool().idleTimeout()),
        policy.requests().timeouts().maxStream().filter(Duration::isPositive),
        again ? 1 + policy.requests().retry().attempts() : 1,
        policy.requests().hash().stream().anyMatch(key -> key.sourceIP() != null)
            ? Hashing.SOURCE_IP
            : Hashing.NONE);
  }

  /** To the application beside the proxy, as its caller would have it. */
  static TcpForwarding toApplication(String cluster) {
    SortedMap<String, Long> only = new TreeMap<>();
    only.put(cluster, 1L);
    return new TcpForwarding(only, Duration.ZERO, Optional.empty(), 1, Hashing.NONE);
  }
}
