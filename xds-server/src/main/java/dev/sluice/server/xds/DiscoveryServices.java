package dev.sluice.server.xds;

import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.service.cluster.v3.ClusterDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.extension.v3.ExtensionConfigDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.listener.v3.ListenerDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.route.v3.RouteDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.route.v3.ScopedRoutesDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.route.v3.VirtualHostDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.runtime.v3.RuntimeDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.secret.v3.SecretDiscoveryServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.List;
import java.util.Optional;

/** The aggregated discovery service and, for each type, the service of that type alone. */
final class DiscoveryServices {
  private DiscoveryServices() {}

  static List<ServerServiceDefinition> of(StreamContext context) {
    return List.of(
        new AdsService(context, Optional.empty())
            .bind(
                AggregatedDiscoveryServiceGrpc.getServiceDescriptor(),
                Optional.of(AggregatedDiscoveryServiceGrpc.getStreamAggregatedResourcesMethod()),
                AggregatedDiscoveryServiceGrpc.getDeltaAggregatedResourcesMethod()),
        service(
            context,
            ResourceType.CLUSTER,
            ClusterDiscoveryServiceGrpc.getServiceDescriptor(),
            ClusterDiscoveryServiceGrpc.getStreamClustersMethod(),
            ClusterDiscoveryServiceGrpc.getDeltaClustersMethod()),
        service(
            context,
            ResourceType.ENDPOINT,
            EndpointDiscoveryServiceGrpc.getServiceDescriptor(),
            EndpointDiscoveryServiceGrpc.getStreamEndpointsMethod(),
            EndpointDiscoveryServiceGrpc.getDeltaEndpointsMethod()),
        service(
            context,
            ResourceType.LISTENER,
            ListenerDiscoveryServiceGrpc.getServiceDescriptor(),
            ListenerDiscoveryServiceGrpc.getStreamListenersMethod(),
            ListenerDiscoveryServiceGrpc.getDeltaListenersMethod()),
        service(
            context,
            ResourceType.ROUTE,
            RouteDiscoveryServiceGrpc.getServiceDescriptor(),
            RouteDiscoveryServiceGrpc.getStreamRoutesMethod(),
            RouteDiscoveryServiceGrpc.getDeltaRoutesMethod()),
        service(
            context,
            ResourceType.SCOPED_ROUTE,
            ScopedRoutesDiscoveryServiceGrpc.getServiceDescriptor(),
            ScopedRoutesDiscoveryServiceGrpc.getStreamScopedRoutesMethod(),
            ScopedRoutesDiscoveryServiceGrpc.getDeltaScopedRoutesMethod()),
        new AdsService(context, Optional.of(ResourceType.VIRTUAL_HOST))
            .bind(
                VirtualHostDiscoveryServiceGrpc.getServiceDescriptor(),
                Optional.empty(), // The protocol has virtual hosts as delta alone.
                VirtualHostDiscoveryServiceGrpc.getDeltaVirtualHostsMethod()),
        service(
            context,
            ResourceType.SECRET,
            SecretDiscoveryServiceGrpc.getServiceDescriptor(),
            SecretDiscoveryServiceGrpc.getStreamSecretsMethod(),
            SecretDiscoveryServiceGrpc.getDeltaSecretsMethod()),
        service(
            context,
            ResourceType.RUNTIME,
            RuntimeDiscoveryServiceGrpc.getServiceDescriptor(),
            RuntimeDiscoveryServiceGrpc.getStreamRuntimeMethod(),
            RuntimeDiscoveryServiceGrpc.getDeltaRuntimeMethod()),
        service(
            context,
            ResourceType.EXTENSION_CONFIG,
            ExtensionConfigDiscoveryServiceGrpc.getServiceDescriptor(),
            ExtensionConfigDiscoveryServiceGrpc.getStreamExtensionConfigsMethod(),
            ExtensionConfigDiscoveryServiceGrpc.getDeltaExtensionConfigsMethod()));
  }

  private static ServerServiceDefinition service(
      StreamContext context,
      ResourceType type,
      ServiceDescriptor generated,
      MethodDescriptor<DiscoveryRequest, DiscoveryResponse> sotw,
      MethodDescriptor<DeltaDiscoveryRequest, DeltaDiscoveryResponse> delta) {
    return new AdsService(context, Optional.of(type)).bind(generated, Optional.of(sotw), delta);
  }
}
