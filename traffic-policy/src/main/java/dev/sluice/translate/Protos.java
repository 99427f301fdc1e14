package dev.sluice.translate;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import dev.sluice.spec.Percent;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.GrpcService.EnvoyGrpc;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.envoyproxy.envoy.type.v3.FractionalPercent.DenominatorType;

/** Values that many protos hold. */
final class Protos {
  /**
   * From the management server, over the stream that everything comes over. A cluster or listener
   * that is not told its endpoints or routes within the time starts without them.
   */
  static final ConfigSource ADS =
      ConfigSource.newBuilder()
          .setAds(AggregatedConfigSource.getDefaultInstance())
          .setInitialFetchTimeout(Duration.newBuilder().setSeconds(15))
          .setResourceApiVersion(ApiVersion.V3)
          .build();

  private Protos() {}

  static Duration duration(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  /** An unsigned number, 0 to 2^32-1. */
  static UInt32Value uint32(long value) {
    return UInt32Value.of((int) value);
  }

  static RuntimeFractionalPercent fraction(Percent percent) {
    return RuntimeFractionalPercent.newBuilder().setDefaultValue(percentage(percent)).build();
  }

  static FractionalPercent percentage(Percent percent) {
    return FractionalPercent.newBuilder()
        .setNumerator(percent.millionths())
        .setDenominator(DenominatorType.MILLION)
        .build();
  }

  static Address address(String ip, int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(ip).setPortValue(port))
        .build();
  }

  /** A gRPC service that is called over {@code cluster}. */
  static GrpcService grpc(String cluster, java.time.Duration timeout) {
    return GrpcService.newBuilder()
        .setEnvoyGrpc(EnvoyGrpc.newBuilder().setClusterName(cluster))
        .setTimeout(duration(timeout))
        .build();
  }

  static TypedExtensionConfig extension(String name, Message config) {
    return TypedExtensionConfig.newBuilder().setName(name).setTypedConfig(Any.pack(config)).build();
  }
}
