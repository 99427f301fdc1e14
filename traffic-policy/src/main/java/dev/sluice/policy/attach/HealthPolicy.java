package dev.sluice.policy.attach;

import dev.sluice.spec.HealthCheck;
import dev.sluice.spec.Percent;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@link HealthCheck}, every default filled in.
 *
 * @param source who decides
 * @param panicPercent below which percentage of callable instances all are called
 * @param active what the proxy asks; empty for nothing
 */
public record HealthPolicy(
    HealthCheck.Source source, Percent panicPercent, Optional<ActivePolicy> active) {
  public HealthPolicy {
    Objects.requireNonNull(source);
    Objects.requireNonNull(panicPercent);
    Objects.requireNonNull(active);
  }

  /** Whether instances that their source calls unready are left to the proxy to judge. */
  public boolean looksPastReadiness() {
    return source == HealthCheck.Source.ACTIVE && active.isPresent();
  }

  /**
   * {@link HealthCheck.Active}, resolved.
   *
   * @param probe what is asked
   * @param interval positive
   * @param timeout positive
   * @param unhealthyThreshold at least 1
   * @param healthyThreshold at least 1
   * @param port empty for where requests go
   */
  public record ActivePolicy(
      Probe probe,
      Duration interval,
      Duration timeout,
      int unhealthyThreshold,
      int healthyThreshold,
      OptionalInt port) {
    public ActivePolicy {
      Objects.requireNonNull(probe);
      Objects.requireNonNull(interval);
      Objects.requireNonNull(timeout);
      Objects.requireNonNull(port);
    }
  }

  /** What an instance is asked. */
  public sealed interface Probe {
    /**
     * A GET.
     *
     * @param path with which to ask
     * @param host the {@code Host} header; empty for {@code name.namespace} of the service
     * @param expect statuses that are healthy, sorted, not empty
     */
    record Http(String path, String host, List<Integer> expect) implements Probe {
      public Http {
        Objects.requireNonNull(path);
        Objects.requireNonNull(host);
        expect = expect.stream().sorted().distinct().toList();
      }
    }

    /**
     * A call of {@code grpc.health.v1.Health/Check}.
     *
     * @param service which is asked about; empty for the instance as a whole
     */
    record Grpc(String service) implements Probe {
      public Grpc {
        Objects.requireNonNull(service);
      }
    }

    /** A connection. */
    record Tcp() implements Probe {}
  }
}
