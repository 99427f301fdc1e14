package dev.sluice.translate;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import dev.sluice.patch.Patchable;
import dev.sluice.translate.ListenerInput.ForRequests;
import dev.sluice.translate.ListenerInput.GrpcListener;
import dev.sluice.translate.ListenerInput.HttpListener;
import dev.sluice.translate.ListenerInput.Side;
import dev.sluice.translate.ListenerInput.TcpListener;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.ApiListener;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.CodecType;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;

/**
 * Where requests are taken ({@code envoy.config.listener.v3.Listener}). Nothing of a policy is in
 * them, because a listener that changes drains its connections; but for those of TCP services,
 * which have no routes to keep it in.
 */
public final class Listeners {
  private Listeners() {}

  /** The Listener of {@code input}. */
  public static Listener listener(ListenerInput input) {
    return switch (input) {
      case HttpListener http -> socket(http);
      case GrpcListener grpc -> api(grpc);
      case TcpListener tcp -> connections(tcp);
    };
  }

  private static Listener connections(TcpListener input) {
    return Listener.newBuilder()
        .setName(input.name())
        .setAddress(Protos.address(input.address(), input.port()))
        .setTrafficDirection(input.direction())
        .addFilterChains(FilterChain.newBuilder().addFilters(TcpProxies.filter(input)))
        .build();
  }

  private static Listener socket(HttpListener input) {
    HttpConnectionManager.Builder manager =
        manager(input).setCodecType(CodecType.AUTO).setStatPrefix(Names.statistic(input.name()));
    manager.addUpgradeConfigs(websocket(input.side()));
    if (input.side() instanceof Side.Edge(EdgeSettings settings)) {
      edge(manager, settings);
    }
    Listener listener =
        Listener.newBuilder()
            .setName(input.name())
            .setAddress(Protos.address(input.address(), input.port()))
            .setTrafficDirection(direction(input.side()))
            .addFilterChains(
                FilterChain.newBuilder()
                    .addFilters(
                        Filter.newBuilder()
                            .setName("envoy.filters.network.http_connection_manager")
                            .setTypedConfig(Any.pack(manager.build()))))
            .build();
    return Patchable.apply(listener, input.patches());
  }

  private static void edge(HttpConnectionManager.Builder manager, EdgeSettings settings) {
    EdgeSettings.Client client = settings.client();
    manager
        .setUseRemoteAddress(BoolValue.of(true))
        .setNormalizePath(BoolValue.of(true))
        .setXffNumTrustedHops(client.trustedHops())
        .setStreamIdleTimeout(Protos.duration(client.streamIdle()))
        .setMaxRequestHeadersKb(Protos.uint32(client.maxHeaderKb()));
    client
        .requestHeadersTimeout()
        .ifPresent(limit -> manager.setRequestHeadersTimeout(Protos.duration(limit)));
    settings.logs().forEach(log -> manager.addAccessLog(AccessLogs.log(log, settings.name())));
    settings.spans().ifPresent(spans -> manager.setTracing(Tracings.of(spans, settings.name())));
  }

  private static Listener api(GrpcListener input) {
    return Listener.newBuilder()
        .setName(input.name())
        .setApiListener(
            ApiListener.newBuilder()
                .setApiListener(
                    Any.pack(manager(input).setStatPrefix(input.routeConfiguration()).build())))
        .build();
  }

  private static HttpConnectionManager.Builder manager(ForRequests input) {
    return HttpConnectionManager.newBuilder()
        .setRds(
            Rds.newBuilder()
                .setConfigSource(Protos.ADS)
                .setRouteConfigName(input.routeConfiguration()))
        .addAllHttpFilters(HttpFilters.of(input));
  }

  /** A caller's proxy goes by its routes; the proxy beside an instance lets through what comes. */
  private static UpgradeConfig websocket(Side side) {
    return UpgradeConfig.newBuilder()
        .setUpgradeType("websocket")
        .setEnabled(BoolValue.of(side instanceof Side.Inbound))
        .build();
  }

  private static TrafficDirection direction(Side side) {
    return switch (side) {
      case Side.Outbound _ -> TrafficDirection.OUTBOUND;
      case Side.Inbound _, Side.Edge _ -> TrafficDirection.INBOUND;
    };
  }
}
