package dev.sluice.spec;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.health}: which instances may be called.
 *
 * @param source who decides; null for {@code readiness}
 * @param panicPercent below which percentage of callable instances all are called, callable or not;
 *     null for 0, which is never
 * @param active what the proxy itself asks the instances; null for nothing
 */
public record HealthCheck(
    @Nullable Source source, @Nullable Percent panicPercent, @Nullable Active active) {
  /** Who decides whether an instance may be called. */
  public enum Source {
    /** The source that knows the instance: Kubernetes, Consul, a file. */
    READINESS,
    /** The proxy, by asking the instance; what the source says of readiness is not looked at. */
    ACTIVE,
    /** Both: an instance is callable that is ready and answers. */
    BOTH;

    /** Whether the proxy asks the instances. */
    public boolean asks() {
      return this != READINESS;
    }
  }

  /**
   * {@code spec.health.active} ({@code envoy.config.core.v3.HealthCheck}): one kind is given.
   *
   * @param http a request
   * @param grpc a call of {@code grpc.health.v1.Health/Check}
   * @param tcp a connection
   * @param interval between two checks of an instance; null for 5s
   * @param timeout for an answer; null for 1s
   * @param unhealthyThreshold failures in a row that take an instance out; null for 3
   * @param healthyThreshold successes in a row that bring it back; null for 1
   * @param port where to ask, 1 to 65535; null for where requests go
   */
  @Exclusive({"http", "grpc", "tcp"})
  public record Active(
      @Nullable Http http,
      @Nullable Grpc grpc,
      @Nullable Tcp tcp,
      @Nullable Duration interval,
      @Nullable Duration timeout,
      @Nullable Integer unhealthyThreshold,
      @Nullable Integer healthyThreshold,
      @Nullable Integer port) {}

  /**
   * {@code spec.health.active.http}: a GET.
   *
   * @param path with which to ask, beginning with a slash
   * @param host the {@code Host} header; null for {@code name.namespace} of the service
   * @param expect statuses that are healthy, 100 to 599; empty for 200
   */
  public record Http(@Required String path, @Nullable String host, List<Integer> expect) {
    public Http {
      Objects.requireNonNull(path);
      expect = List.copyOf(expect);
    }
  }

  /**
   * {@code spec.health.active.grpc}.
   *
   * @param service which is asked about; null for the instance as a whole
   */
  public record Grpc(@Nullable String service) {}

  /** {@code spec.health.active.tcp}: that the instance takes a connection. */
  public record Tcp() {}
}
