package dev.sluice.spec;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code Gateway.spec.accessLog}: where a line for each request goes; at least one is given.
 *
 * @param stdout the proxy's standard output
 * @param file a file of the proxy's machine
 * @param otlp an OpenTelemetry collector that takes logs over gRPC
 * @param grpc a service that speaks {@code envoy.service.accesslog.v3.AccessLogService}
 */
public record AccessLog(
    @Nullable Stdout stdout,
    @Nullable LogFile file,
    @Nullable ServicePortRef otlp,
    @Nullable ServicePortRef grpc) {
  /**
   * {@code Gateway.spec.accessLog.stdout}.
   *
   * @param json an object for each line; null for true, false for Envoy's own text
   */
  public record Stdout(@Nullable Boolean json) {}

  /**
   * {@code Gateway.spec.accessLog.file}.
   *
   * @param path absolute, of an existing directory
   * @param json an object for each line; null for true, false for Envoy's own text
   */
  public record LogFile(@Required String path, @Nullable Boolean json) {
    public LogFile {
      Objects.requireNonNull(path);
    }
  }
}
