package dev.sluice.translate;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.translate.EdgeSettings.Log;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where each request is logged ({@code HttpConnectionManager.access_log}). */
final class AccessLogs {
  /** The keys of a line and what Envoy puts there (its command operators). */
  private static final SortedMap<String, String> FIELDS =
      Collections.unmodifiableSortedMap(
          new TreeMap<>(
              Map.ofEntries(
                  Map.entry("start_time", "%START_TIME%"),
                  Map.entry("method", "%REQ(:METHOD)%"),
                  Map.entry("path", "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%"),
                  Map.entry("authority", "%REQ(:AUTHORITY)%"),
                  Map.entry("protocol", "%PROTOCOL%"),
                  Map.entry("status", "%RESPONSE_CODE%"),
                  Map.entry("status_details", "%RESPONSE_CODE_DETAILS%"),
                  Map.entry("flags", "%RESPONSE_FLAGS%"),
                  Map.entry("grpc_status", "%GRPC_STATUS%"),
                  Map.entry("bytes_received", "%BYTES_RECEIVED%"),
                  Map.entry("bytes_sent", "%BYTES_SENT%"),
                  Map.entry("duration_ms", "%DURATION%"),
                  Map.entry("upstream_ms", "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%"),
                  Map.entry("attempts", "%UPSTREAM_REQUEST_ATTEMPT_COUNT%"),
                  Map.entry("route", "%ROUTE_NAME%"),
                  Map.entry("cluster", "%UPSTREAM_CLUSTER_RAW%"),
                  Map.entry("instance", "%UPSTREAM_HOST%"),
                  Map.entry("client", "%DOWNSTREAM_REMOTE_ADDRESS%"),
                  Map.entry("forwarded_for", "%REQ(X-FORWARDED-FOR)%"),
                  Map.entry("user_agent", "%REQ(USER-AGENT)%"),
                  Map.entry("request_id", "%REQ(X-REQUEST-ID)%"),
                  Map.entry("trace_id", "%TRACE_ID%"))));

  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

  private AccessLogs() {}

  /** The log of {@code gateway}'s requests, {@code name.namespace}. */
  static AccessLog log(Log log, String gateway) {
    return switch (log) {
      case Log.Stdout(Log.Format format) -> of("stdout", stdout(format));
      case Log.ToFile(String path, Log.Format format) -> of("file", file(path, format));
      case Log.Otlp(String cluster) -> of("open_telemetry", otlp(cluster, gateway));
      case Log.Grpc(String cluster) ->
          of(
              "http_grpc",
              HttpGrpcAccessLogConfig.newBuilder()
                  .setCommonConfig(common(cluster, gateway))
                  .build());
    };
  }

  private static AccessLog of(String kind, Message config) {
    return AccessLog.newBuilder()
        .setName("envoy.access_loggers." + kind)
        .setTypedConfig(Any.pack(config))
        .build();
  }

  private static StdoutAccessLog stdout(Log.Format format) {
    StdoutAccessLog.Builder log = StdoutAccessLog.newBuilder();
    json(format).ifPresent(log::setLogFormat);
    return log.build();
  }

  private static FileAccessLog file(String path, Log.Format format) {
    FileAccessLog.Builder log = FileAccessLog.newBuilder().setPath(path);
    json(format).ifPresent(log::setLogFormat);
    return log.build();
  }

  /** Empty for Envoy's own text, which an unset format stands for and an empty one does not. */
  private static Optional<SubstitutionFormatString> json(Log.Format format) {
    return switch (format) {
      case JSON ->
          Optional.of(SubstitutionFormatString.newBuilder().setJsonFormat(fields()).build());
      case TEXT -> Optional.empty();
    };
  }

  private static Struct fields() {
    Struct.Builder fields = Struct.newBuilder();
    FIELDS.forEach(
        (key, value) -> fields.putFields(key, Value.newBuilder().setStringValue(value).build()));
    return fields.build();
  }

  private static OpenTelemetryAccessLogConfig otlp(String cluster, String gateway) {
    KeyValueList.Builder attributes = KeyValueList.newBuilder();
    FIELDS.forEach((key, value) -> attributes.addValues(text(key, value)));
    return OpenTelemetryAccessLogConfig.newBuilder()
        .setCommonConfig(common(cluster, gateway))
        .setBody(
            AnyValue.newBuilder().setStringValue("%REQ(:METHOD)% %REQ(:PATH)% %RESPONSE_CODE%"))
        .setAttributes(attributes)
        .setResourceAttributes(KeyValueList.newBuilder().addValues(text("service.name", gateway)))
        .build();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static CommonGrpcAccessLogConfig common(String cluster, String gateway) {
    return CommonGrpcAccessLogConfig.newBuilder()
        .setLogName(gateway)
        .setTransportApiVersion(ApiVersion.V3)
        .setGrpcService(Protos.grpc(cluster, CALL_TIMEOUT))
        .build();
  }
}
