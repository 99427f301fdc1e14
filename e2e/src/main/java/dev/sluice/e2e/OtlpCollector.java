package dev.sluice.e2e;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * An OpenTelemetry collector, over gRPC, that keeps what it is sent. The export requests have the
 * same encoding as the data messages that they are read as.
 */
public final class OtlpCollector implements AutoCloseable {
  private final Server server;
  private final List<ResourceSpans> spans = new CopyOnWriteArrayList<>();
  private final List<LogRecord> logs = new CopyOnWriteArrayList<>();

  private OtlpCollector() {
    server =
        GrpcServer.start(
            InsecureServerCredentials.create(),
            List.of(
                export(
                    "trace.v1.TraceService",
                    TracesData.getDefaultInstance(),
                    data -> spans.addAll(data.getResourceSpansList())),
                export("logs.v1.LogsService", LogsData.getDefaultInstance(), this::keepLogs)));
  }

  /** Starts one. */
  public static OtlpCollector start() {
    return new OtlpCollector();
  }

  private void keepLogs(LogsData data) {
    data.getResourceLogsList().stream()
        .flatMap(resource -> resource.getScopeLogsList().stream())
        .forEach(scope -> logs.addAll(scope.getLogRecordsList()));
  }

  private static <T extends Message> ServerServiceDefinition export(
      String service, T prototype, Consumer<T> keep) {
    String name = "opentelemetry.proto.collector." + service;
    MethodDescriptor<T, Empty> method =
        MethodDescriptor.<T, Empty>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName(name + "/Export")
            .setRequestMarshaller(ProtoUtils.marshaller(prototype))
            .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .build();
    return ServerServiceDefinition.builder(name)
        .addMethod(
            method,
            ServerCalls.asyncUnaryCall(
                (request, answer) -> {
                  keep.accept(request);
                  answer.onNext(Empty.getDefaultInstance());
                  answer.onCompleted();
                }))
        .build();
  }

  public int port() {
    return server.getPort();
  }

  /** The spans so far, with what they are about. */
  public List<ResourceSpans> spans() {
    return List.copyOf(spans);
  }

  /** The log records so far. */
  public List<LogRecord> logs() {
    return List.copyOf(logs);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
