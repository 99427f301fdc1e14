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
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.CodecType;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import java.util.List;

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
    List<TlsChain> chains = List.of();
    if (input.side() instanceof Side.Edge edge) {
      edge(manager, edge.settings());
      chains = edge.chains();
    }
    Filter requests =
        Filter.newBuilder()
            .setName("envoy.filters.network.http_connection_manager")
            .setTypedConfig(Any.pack(manager.build()))
            .build();
    Listener.Builder listener =
        Listener.newBuilder()
            .setName(input.name())
            .setAddress(Protos.address(input.address(), input.port()))
            .setTrafficDirection(direction(input.side()));
    if (chains.isEmpty()) {
      listener.addFilterChains(FilterChain.newBuilder().addFilters(requests));
    } else {
      listener.addListenerFilters(tlsInspector());
      chains.forEach(chain -> listener.addFilterChains(overTls(chain, requests)));
    }
    return Patchable.apply(listener.build(), input.patches());
  }

  private static FilterChain overTls(TlsChain chain, Filter requests) {
    FilterChain.Builder filters =
        FilterChain.newBuilder()
            .setName(chain.listener())
            .setTransportSocket(TransportSockets.downstream(chain))
            .addFilters(requests);
    if (!chain.serverNames().isEmpty()) {
      filters.setFilterChainMatch(
          FilterChainMatch.newBuilder().addAllServerNames(chain.serverNames()));
    }
    return filters.build();
  }

  /** Reads the server name that a client asks for, by which the chain is chosen. */
  private static ListenerFilter tlsInspector() {
    return ListenerFilter.newBuilder()
        .setName("envoy.filters.listener.tls_inspector")
        .setTypedConfig(Any.pack(TlsInspector.getDefaultInstance()))
        .build();
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
