package dev.sluice.e2e;

import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.AccessLogServiceGrpc.AccessLogServiceImplBase;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service of Envoy's own access-log protocol that keeps what it is sent. */
public final class AccessLogCollector implements AutoCloseable {
  private final Server server;
  private final List<String> names = new CopyOnWriteArrayList<>();
  private final List<HTTPAccessLogEntry> entries = new CopyOnWriteArrayList<>();

  private AccessLogCollector() {
    server = GrpcServer.start(new Service());
  }

  /** Starts one. */
  public static AccessLogCollector start() {
    return new AccessLogCollector();
  }

  private final class Service extends AccessLogServiceImplBase {
    @Override
    public StreamObserver<StreamAccessLogsMessage> streamAccessLogs(
        StreamObserver<StreamAccessLogsResponse> answer) {
      return new StreamObserver<>() {
        @Override
        public void onNext(StreamAccessLogsMessage message) {
          if (message.hasIdentifier()) {
            names.add(message.getIdentifier().getLogName());
          }
          entries.addAll(message.getHttpLogs().getLogEntryList());
        }

        @Override
        public void onError(Throwable gone) {}

        @Override
        public void onCompleted() {
          answer.onCompleted();
        }
      };
    }
  }

  public int port() {
    return server.getPort();
  }

  /** What the logs call themselves, one for each stream so far. */
  public List<String> names() {
    return List.copyOf(names);
  }

  /** The entries so far. */
  public List<HTTPAccessLogEntry> entries() {
    return List.copyOf(entries);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
