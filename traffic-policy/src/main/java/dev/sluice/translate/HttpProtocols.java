package dev.sluice.translate;

import com.google.protobuf.Any;
import dev.sluice.catalog.Protocol;
import dev.sluice.policy.attach.ClusterPolicy.ConnectionPoolPolicy;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;

/** Which HTTP an instance is spoken to in, and for how long over one connection. */
final class HttpProtocols {
  private static final String EXTENSION = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

  private HttpProtocols() {}

  static void apply(Cluster.Builder cluster, Protocol protocol, ConnectionPoolPolicy pool) {
    if (protocol != Protocol.TCP) {
      var common =
          io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions.newBuilder()
              .setIdleTimeout(Protos.duration(pool.idleTimeout()));
      if (pool.maxRequestsPerConnection() > 0) {
        common.setMaxRequestsPerConnection(Protos.uint32(pool.maxRequestsPerConnection()));
      }
      HttpProtocolOptions.Builder options = explicit(protocol);
      pool.maxRequestsPerEndpoint().ifPresent(requests -> limitStreams(options, requests));
      put(cluster, options.setCommonHttpProtocolOptions(common));
    }
  }

  /** With h2, as many requests as the connection has streams; h1 has a connection for each. */
  private static void limitStreams(HttpProtocolOptions.Builder options, int requests) {
    if (options.getExplicitHttpConfig().hasHttp2ProtocolOptions()) {
      options
          .getExplicitHttpConfigBuilder()
          .getHttp2ProtocolOptionsBuilder()
          .setMaxConcurrentStreams(Protos.uint32(requests));
    }
  }

  static void apply(Cluster.Builder cluster, Protocol protocol) {
    if (protocol != Protocol.TCP) {
      put(cluster, explicit(protocol));
    }
  }

  private static HttpProtocolOptions.Builder explicit(Protocol protocol) {
    ExplicitHttpConfig config =
        switch (protocol) {
          case HTTP, TCP ->
              ExplicitHttpConfig.newBuilder()
                  .setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance())
                  .build();
          case HTTP2, GRPC ->
              ExplicitHttpConfig.newBuilder()
                  .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance())
                  .build();
        };
    return HttpProtocolOptions.newBuilder().setExplicitHttpConfig(config);
  }

  private static void put(Cluster.Builder cluster, HttpProtocolOptions.Builder options) {
    cluster.putTypedExtensionProtocolOptions(EXTENSION, Any.pack(options.build()));
  }
}
