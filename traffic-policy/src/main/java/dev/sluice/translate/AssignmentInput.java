package dev.sluice.translate;

import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * All that an {@code envoy.config.endpoint.v3.ClusterLoadAssignment} is made from.
 *
 * @param cluster name of the Cluster
 * @param localities its instances by where they run, sorted; none without instances
 */
public record AssignmentInput(String cluster, List<LocalityEndpoints> localities) {
  public AssignmentInput {
    Objects.requireNonNull(cluster);
    localities = localities.stream().sorted().toList();
  }

  /** Whether an instance takes new requests. */
  public boolean isReady() {
    return localities.stream()
        .flatMap(locality -> locality.endpoints().stream())
        .anyMatch(endpoint -> endpoint.health() == Health.HEALTHY);
  }

  /**
   * The instances of one {@code LocalityLbEndpoints}.
   *
   * @param locality where they run
   * @param subZone {@code Locality.sub_zone}: a version's name where the client knows weights of
   *     localities but not of endpoints; else empty
   * @param endpoints sorted, not empty
   */
  public record LocalityEndpoints(
      Locality locality, String subZone, List<WeightedEndpoint> endpoints)
      implements Comparable<LocalityEndpoints> {
    private static final Comparator<LocalityEndpoints> ORDER =
        Comparator.comparing(LocalityEndpoints::locality).thenComparing(LocalityEndpoints::subZone);

    public LocalityEndpoints {
      Objects.requireNonNull(locality);
      Objects.requireNonNull(subZone);
      endpoints = endpoints.stream().sorted().toList();
    }

    @Override
    public int compareTo(LocalityEndpoints other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * One {@code LbEndpoint}.
   *
   * @param address an IP literal
   * @param port 1 to 65535
   * @param health HEALTHY or DRAINING; others are left out
   * @param weight {@code load_balancing_weight}, 1 to 2^32-1; those of an assignment sum to at most
   *     2^32-1
   */
  public record WeightedEndpoint(String address, int port, Health health, long weight)
      implements Comparable<WeightedEndpoint> {
    private static final Comparator<WeightedEndpoint> ORDER =
        Comparator.comparing(WeightedEndpoint::address).thenComparingInt(WeightedEndpoint::port);

    public WeightedEndpoint {
      Objects.requireNonNull(address);
      Objects.requireNonNull(health);
    }

    @Override
    public int compareTo(WeightedEndpoint other) {
      return ORDER.compare(this, other);
    }
  }
}
