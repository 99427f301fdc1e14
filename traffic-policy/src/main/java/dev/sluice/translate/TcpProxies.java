package dev.sluice.translate;

import com.google.protobuf.Any;
import dev.sluice.translate.ListenerInput.TcpListener;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.type.v3.HashPolicy;
import java.util.List;
import java.util.Map;

/** Where the connections of a listener go ({@code TcpProxy}). */
final class TcpProxies {
  private TcpProxies() {}

  static Filter filter(TcpListener listener) {
    return Filter.newBuilder()
        .setName("envoy.filters.network.tcp_proxy")
        .setTypedConfig(Any.pack(proxy(listener)))
        .build();
  }

  private static TcpProxy proxy(TcpListener listener) {
    TcpForwarding forwarding = listener.forwarding();
    TcpProxy.Builder proxy =
        TcpProxy.newBuilder()
            .setStatPrefix(Names.statistic(listener.name()))
            .setIdleTimeout(Protos.duration(forwarding.idle()))
            .setMaxConnectAttempts(Protos.uint32(forwarding.tries()));
    forwarding
        .longest()
        .ifPresent(longest -> proxy.setMaxDownstreamConnectionDuration(Protos.duration(longest)));
    switch (forwarding.hashing()) {
      case NONE -> {}
      case SOURCE_IP ->
          proxy.addHashPolicy(
              HashPolicy.newBuilder().setSourceIp(HashPolicy.SourceIp.getDefaultInstance()));
    }
    // Envoy takes no weight of zero here.
    List<Map.Entry<String, Long>> shares =
        forwarding.clusters().entrySet().stream().filter(share -> share.getValue() > 0).toList();
    if (shares.size() == 1) {
      return proxy.setCluster(shares.getFirst().getKey()).build();
    }
    TcpProxy.WeightedCluster.Builder weighted = TcpProxy.WeightedCluster.newBuilder();
    shares.forEach(
        share ->
            weighted.addClusters(
                TcpProxy.WeightedCluster.ClusterWeight.newBuilder()
                    .setName(share.getKey())
                    .setWeight(share.getValue().intValue())));
    return proxy.setWeightedClusters(weighted).build();
  }
}
