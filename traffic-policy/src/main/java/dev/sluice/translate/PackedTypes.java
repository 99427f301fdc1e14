package dev.sluice.translate;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.TypeRegistry;
import dev.sluice.patch.PackedMessages;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimit;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import io.envoyproxy.envoy.extensions.load_balancing_policies.maglev.v3.Maglev;
import io.envoyproxy.envoy.extensions.load_balancing_policies.random.v3.Random;
import io.envoyproxy.envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash;
import io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin;
import io.envoyproxy.envoy.extensions.load_balancing_policies.wrr_locality.v3.WrrLocality;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that stands in a {@code google.protobuf.Any} of ours, for those who show it. */
public final class PackedTypes {
  /** The types, each once. */
  public static final List<Descriptor> ALL =
      List.of(
          Buffer.getDescriptor(),
          BufferPerRoute.getDescriptor(),
          DownstreamTlsContext.getDescriptor(),
          ExtAuthz.getDescriptor(),
          ExtAuthzPerRoute.getDescriptor(),
          FileAccessLog.getDescriptor(),
          HTTPFault.getDescriptor(),
          HttpConnectionManager.getDescriptor(),
          HttpGrpcAccessLogConfig.getDescriptor(),
          HttpProtocolOptions.getDescriptor(),
          LeastRequest.getDescriptor(),
          LocalRateLimit.getDescriptor(),
          Maglev.getDescriptor(),
          OpenTelemetryAccessLogConfig.getDescriptor(),
          OpenTelemetryConfig.getDescriptor(),
          PreviousHostsPredicate.getDescriptor(),
          Random.getDescriptor(),
          RateLimit.getDescriptor(),
          RingHash.getDescriptor(),
          RoundRobin.getDescriptor(),
          Router.getDescriptor(),
          StdoutAccessLog.getDescriptor(),
          TcpProxy.getDescriptor(),
          TlsInspector.getDescriptor(),
          UpstreamTlsContext.getDescriptor(),
          WrrLocality.getDescriptor());

  private static final Set<Descriptor> KNOWN =
      Stream.concat(
              ALL.stream(),
              Stream.of(
                  Cluster.getDescriptor(),
                  ClusterLoadAssignment.getDescriptor(),
                  Listener.getDescriptor(),
                  RouteConfiguration.getDescriptor()))
          .collect(Collectors.toUnmodifiableSet());

  private static final TypeRegistry REGISTRY = TypeRegistry.newBuilder().add(KNOWN).build();

  private PackedTypes() {}

  /** The types with which {@code message} can be shown: patches pack what is not among ours. */
  public static TypeRegistry registry(MessageOrBuilder message) {
    Set<Descriptor> packed = PackedMessages.in(message);
    if (KNOWN.containsAll(packed)) {
      return REGISTRY;
    }
    Set<Descriptor> types = new HashSet<>(KNOWN);
    types.addAll(packed);
    return TypeRegistry.newBuilder().add(types).build();
  }
}
