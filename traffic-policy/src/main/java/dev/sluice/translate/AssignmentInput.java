package dev.sluice.translate;

import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * All that an {@code envoy.config.endpoint.v3.ClusterLoadAssignment} is made from.
 *
 * @param cluster name of the Cluster
 * @param localities its instances by where they run, sorted; none without instances
 * @param overprovision {@code policy.overprovisioning_factor}; empty where localities do not count
 * @param healthPort where the proxy asks instances for their health; empty for where requests go
 */
public record AssignmentInput(
    String cluster,
    List<LocalityEndpoints> localities,
    OptionalInt overprovision,
    OptionalInt healthPort) {
  public AssignmentInput {
    Objects.requireNonNull(cluster);
    Objects.requireNonNull(overprovision);
    Objects.requireNonNull(healthPort);
    localities = localities.stream().sorted().toList();
  }

  AssignmentInput(String cluster, List<LocalityEndpoints> localities) {
    this(cluster, localities, OptionalInt.empty(), OptionalInt.empty());
  }

  /** The same with that {@link #healthPort}. */
  AssignmentInput askedAt(OptionalInt port) {
    return new AssignmentInput(cluster, localities, overprovision, port);
  }

  /** The same with other {@link #localities} and {@link #overprovision}. */
  AssignmentInput preferring(List<LocalityEndpoints> others, int percent) {
    return new AssignmentInput(cluster, others, OptionalInt.of(percent), healthPort);
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
   * @param priority 0 for those that calls go to first; without gaps within an assignment
   * @param weight {@code load_balancing_weight}; empty for that of its instances
   */
  public record LocalityEndpoints(
      Locality locality,
      String subZone,
      List<WeightedEndpoint> endpoints,
      int priority,
      OptionalLong weight)
      implements Comparable<LocalityEndpoints> {
    private static final Comparator<LocalityEndpoints> ORDER =
        Comparator.comparingInt(LocalityEndpoints::priority)
            .thenComparing(LocalityEndpoints::locality)
            .thenComparing(LocalityEndpoints::subZone);

    public LocalityEndpoints {
      Objects.requireNonNull(locality);
      Objects.requireNonNull(subZone);
      endpoints = endpoints.stream().sorted().toList();
      Objects.requireNonNull(weight);
    }

    LocalityEndpoints(Locality locality, String subZone, List<WeightedEndpoint> endpoints) {
      this(locality, subZone, endpoints, 0, OptionalLong.empty());
    }

    LocalityEndpoints at(int otherPriority) {
      return new LocalityEndpoints(locality, subZone, endpoints, otherPriority, weight);
    }

    LocalityEndpoints weighing(long otherWeight) {
      return new LocalityEndpoints(
          locality, subZone, endpoints, priority, OptionalLong.of(otherWeight));
    }

    /** The weight of its instances that take new requests. */
    long readyWeight() {
      return endpoints.stream()
          .filter(endpoint -> endpoint.health() == Health.HEALTHY)
          .mapToLong(WeightedEndpoint::weight)
          .sum();
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
   * @param health HEALTHY or DRAINING; UNHEALTHY where localities count, so that it is known how
   *     many of a locality's instances can be called, and else left out
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
