package dev.sluice.server.load;

import com.google.protobuf.util.Durations;
import dev.sluice.node.NodeGroup;
import io.envoyproxy.envoy.service.load_stats.v3.LoadReportingServiceGrpc.LoadReportingServiceImplBase;
import io.envoyproxy.envoy.service.load_stats.v3.LoadStatsRequest;
import io.envoyproxy.envoy.service.load_stats.v3.LoadStatsResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code envoy.service.load_stats.v3.LoadReportingService}: asks every proxy for the load of all
 * its clusters, and keeps what it reports for as long as its stream lasts.
 */
public final class LoadReportingService extends LoadReportingServiceImplBase {
  /**
   * How many entries of one proxy are kept: one for each cluster and for each of its localities.
   */
  public static final int MOST_ENTRIES = 20_000;

  private static final Logger LOG = LoggerFactory.getLogger(LoadReportingService.class);

  private final Map<Object, ProxyLoad> streams = new ConcurrentHashMap<>();
  private final LoadStatsResponse wanted;
  private final InstantSource clock;
  private final LoadMetrics metrics;
  private final int limit;

  /**
   * A service that asks for a report every {@code interval}.
   *
   * @param interval positive
   */
  public LoadReportingService(Duration interval, InstantSource clock, LoadMetrics metrics) {
    this(interval, clock, metrics, MOST_ENTRIES);
  }

  LoadReportingService(
      Duration interval, InstantSource clock, LoadMetrics metrics, int mostEntries) {
    this.wanted =
        LoadStatsResponse.newBuilder()
            .setSendAllClusters(true)
            .setLoadReportingInterval(Durations.fromNanos(interval.toNanos()))
            .build();
    this.clock = clock;
    this.metrics = metrics;
    this.limit = mostEntries;
  }

  /** What the proxies that are connected have reported. */
  public Load current() {
    return Load.of(streams.values());
  }

  /** How many proxies report. */
  public int proxies() {
    return streams.size();
  }

  @Override
  public StreamObserver<LoadStatsRequest> streamLoadStats(
      StreamObserver<LoadStatsResponse> client) {
    // gRPC documents that a server's response observer is of this class.
    Stream stream = new Stream((ServerCallStreamObserver<LoadStatsResponse>) client);
    stream.client.setOnCancelHandler(stream::end);
    return stream;
  }

  /** One proxy's stream; gRPC calls it on one thread at a time. */
  private final class Stream implements StreamObserver<LoadStatsRequest> {
    private final ServerCallStreamObserver<LoadStatsResponse> client;
    private @Nullable ProxyLoad load;
    private boolean ended;

    Stream(ServerCallStreamObserver<LoadStatsResponse> client) {
      this.client = client;
    }

    @Override
    public void onNext(LoadStatsRequest request) {
      if (ended) {
        return;
      }
      ProxyLoad known = load;
      if (known == null) {
        String node = request.getNode().getId();
        if (node.isEmpty()) {
          refuse("the first request of a stream has no node.id");
          return;
        }
        if (!NodeGroup.isNodeId(node)) {
          refuse("node.id has control characters; write printable text");
          return;
        }
        LOG.debug("{} reports its load", node);
        client.onNext(wanted);
        known = ProxyLoad.opened(node, clock.instant());
      }
      keep(request.getClusterStatsCount() == 0 && load == null ? known : folded(known, request));
    }

    private ProxyLoad folded(ProxyLoad known, LoadStatsRequest request) {
      ReportFold.Folded folded =
          ReportFold.fold(known, request.getClusterStatsList(), clock.instant(), limit);
      metrics.reported(folded.leftOut());
      return folded.load();
    }

    private void keep(ProxyLoad kept) {
      load = kept;
      streams.put(this, kept);
    }

    private void refuse(String message) {
      LOG.warn("Load reports refused: {}", message);
      end();
      client.onError(Status.INVALID_ARGUMENT.withDescription(message).asRuntimeException());
    }

    @Override
    public void onError(Throwable cause) {
      end();
    }

    @Override
    public void onCompleted() {
      if (!ended) {
        end();
        client.onCompleted();
      }
    }

    void end() {
      ended = true;
      streams.remove(this);
    }
  }
}
