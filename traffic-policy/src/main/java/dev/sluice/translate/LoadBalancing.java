package dev.sluice.translate;

import com.google.protobuf.Message;
import com.google.protobuf.UInt64Value;
import dev.sluice.policy.attach.ClusterPolicy;
import dev.sluice.policy.attach.ClusterPolicy.LoadBalancerPolicy;
import dev.sluice.policy.attach.ClusterPolicy.SlowStartPolicy;
import dev.sluice.policy.attach.LocalityPolicy;
import io.envoyproxy.envoy.config.cluster.v3.LoadBalancingPolicy;
import io.envoyproxy.envoy.config.cluster.v3.LoadBalancingPolicy.Policy;
import io.envoyproxy.envoy.config.core.v3.RuntimeDouble;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.LocalityLbConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.LocalityLbConfig.LocalityWeightedLbConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.SlowStartConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import io.envoyproxy.envoy.extensions.load_balancing_policies.maglev.v3.Maglev;
import io.envoyproxy.envoy.extensions.load_balancing_policies.random.v3.Random;
import io.envoyproxy.envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash;
import io.envoyproxy.envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash.HashFunction;
import io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin;
import io.envoyproxy.envoy.extensions.load_balancing_policies.wrr_locality.v3.WrrLocality;
import io.envoyproxy.envoy.type.v3.Percent;
import java.util.Optional;

/** How an instance is picked ({@code Cluster.load_balancing_policy}). */
final class LoadBalancing {
  private static final String PREFIX = "envoy.load_balancing_policies.";

  private LoadBalancing() {}

  static LoadBalancingPolicy policy(ClusterPolicy policy, ClientKind client) {
    return switch (client) {
      case ENVOY -> ofEnvoy(policy.loadBalancer(), policy.locality());
      case GRPC -> ofGrpc(policy.loadBalancer());
    };
  }

  private static LoadBalancingPolicy ofEnvoy(LoadBalancerPolicy settings, LocalityPolicy locality) {
    Optional<SlowStartConfig> slowStart = settings.slowStart().map(LoadBalancing::slowStart);
    Optional<LocalityLbConfig> weighted = weighted(locality);
    return switch (settings.type()) {
      case LEAST_REQUEST -> {
        LeastRequest.Builder config = leastRequest(settings);
        slowStart.ifPresent(config::setSlowStartConfig);
        weighted.ifPresent(config::setLocalityLbConfig);
        yield of("least_request", config.build());
      }
      case ROUND_ROBIN -> {
        RoundRobin.Builder config = RoundRobin.newBuilder();
        slowStart.ifPresent(config::setSlowStartConfig);
        weighted.ifPresent(config::setLocalityLbConfig);
        yield of("round_robin", config.build());
      }
      case RANDOM -> {
        Random.Builder config = Random.newBuilder();
        weighted.ifPresent(config::setLocalityLbConfig);
        yield of("random", config.build());
      }
      case CONSISTENT_HASH ->
          of("maglev", Maglev.newBuilder().setTableSize(UInt64Value.of(settings.table())).build());
    };
  }

  /** Envoy heeds the localities' weights only where it is told to. */
  private static Optional<LocalityLbConfig> weighted(LocalityPolicy locality) {
    return switch (locality) {
      case LocalityPolicy.None _, LocalityPolicy.Failover _ -> Optional.empty();
      case LocalityPolicy.Weighted _ ->
          Optional.of(
              LocalityLbConfig.newBuilder()
                  .setLocalityWeightedLbConfig(LocalityWeightedLbConfig.getDefaultInstance())
                  .build());
    };
  }

  private static LeastRequest.Builder leastRequest(LoadBalancerPolicy settings) {
    return LeastRequest.newBuilder().setChoiceCount(Protos.uint32(settings.choices()));
  }

  private static SlowStartConfig slowStart(SlowStartPolicy start) {
    return SlowStartConfig.newBuilder()
        .setSlowStartWindow(Protos.duration(start.window()))
        .setAggression(
            RuntimeDouble.newBuilder()
                .setDefaultValue(start.aggression().value())
                .setRuntimeKey("sluice.slow_start.aggression"))
        .setMinWeightPercent(Percent.newBuilder().setValue(start.minWeightPercent().value()))
        .build();
  }

  /**
   * gRPC heeds weights of localities only where wrr_locality says so (gRFC A52), or a ring that
   * spans them all (gRFC A42); it knows no random policy, no maglev and no slow start.
   */
  private static LoadBalancingPolicy ofGrpc(LoadBalancerPolicy settings) {
    return switch (settings.type()) {
      case LEAST_REQUEST -> byLocality(of("least_request", leastRequest(settings).build()));
      case ROUND_ROBIN, RANDOM -> byLocality(of("round_robin", RoundRobin.getDefaultInstance()));
      case CONSISTENT_HASH ->
          of("ring_hash", RingHash.newBuilder().setHashFunction(HashFunction.XX_HASH).build());
    };
  }

  private static LoadBalancingPolicy byLocality(LoadBalancingPolicy picking) {
    return of("wrr_locality", WrrLocality.newBuilder().setEndpointPickingPolicy(picking).build());
  }

  private static LoadBalancingPolicy of(String name, Message config) {
    return LoadBalancingPolicy.newBuilder()
        .addPolicies(
            Policy.newBuilder().setTypedExtensionConfig(Protos.extension(PREFIX + name, config)))
        .build();
  }
}
