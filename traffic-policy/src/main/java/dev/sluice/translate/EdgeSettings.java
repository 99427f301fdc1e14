package dev.sluice.translate;

import dev.sluice.spec.OnError;
import dev.sluice.spec.Percent;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a Gateway says of its listeners, every default filled in; services stand there by the names
 * of their Clusters.
 *
 * @param name {@code name.namespace} of the Gateway: what its spans and log lines come from
 * @param client what clients may do
 * @param authz who says whether a request may pass
 * @param limits who counts requests for all gateways together
 * @param logs where each request is logged
 * @param spans where spans go
 */
public record EdgeSettings(
    String name,
    Client client,
    Optional<Authorization> authz,
    Optional<Limits> limits,
    List<Log> logs,
    Optional<Spans> spans) {
  public EdgeSettings {
    Objects.requireNonNull(name);
    Objects.requireNonNull(client);
    Objects.requireNonNull(authz);
    Objects.requireNonNull(limits);
    logs = List.copyOf(logs);
    Objects.requireNonNull(spans);
  }

  /**
   * {@link dev.sluice.spec.ClientLimits}, resolved.
   *
   * @param requestHeadersTimeout until all headers have come; empty for no limit
   * @param streamIdle without a byte; zero for no limit
   * @param maxHeaderKb 1 to 8192
   * @param trustedHops at least 0
   */
  public record Client(
      Optional<Duration> requestHeadersTimeout,
      Duration streamIdle,
      int maxHeaderKb,
      int trustedHops) {}

  /** {@link dev.sluice.spec.Authz}, resolved. */
  public sealed interface Authorization {
    /** The Cluster that is asked. */
    String cluster();

    /** How long it is waited for. */
    Duration timeout();

    /** What happens when it does not answer. */
    OnError onError();

    /** Asked over {@code envoy.service.auth.v3.Authorization}. */
    record OverGrpc(String cluster, Duration timeout, OnError onError) implements Authorization {}

    /**
     * Asked by a request.
     *
     * @param authority the host and port that the request names
     * @param pathPrefix what stands before the request's own path
     * @param requestHeaders what it is told besides
     * @param responseHeaders what the request is given of its answer
     */
    record OverHttp(
        String cluster,
        String authority,
        String pathPrefix,
        List<String> requestHeaders,
        List<String> responseHeaders,
        Duration timeout,
        OnError onError)
        implements Authorization {
      public OverHttp {
        requestHeaders = List.copyOf(requestHeaders);
        responseHeaders = List.copyOf(responseHeaders);
      }
    }
  }

  /**
   * {@link dev.sluice.spec.RateLimitService}, resolved.
   *
   * @param cluster the service
   * @param domain under which it counts
   * @param timeout how long it is waited for
   * @param onError what happens when it does not answer
   */
  public record Limits(String cluster, String domain, Duration timeout, OnError onError) {}

  /** Where each request is logged. */
  public sealed interface Log {
    /** Standard output. */
    record Stdout(Format format) implements Log {}

    /** A file of the proxy's machine. */
    record ToFile(String path, Format format) implements Log {}

    /** An OpenTelemetry collector. */
    record Otlp(String cluster) implements Log {}

    /** A service of Envoy's own protocol. */
    record Grpc(String cluster) implements Log {}

    /** What a line is. */
    enum Format {
      /** An object. */
      JSON,
      /** Envoy's own. */
      TEXT
    }
  }

  /**
   * {@link dev.sluice.spec.Tracing}, resolved.
   *
   * @param cluster the collector
   * @param sampled of the requests that come without a decision of their own
   */
  public record Spans(String cluster, Percent sampled) {}
}
