package dev.sluice.translate;

import com.google.protobuf.Message;
import dev.sluice.policy.attach.ClusterPolicy.LoadBalancerPolicy;
import io.envoyproxy.envoy.config.cluster.v3.LoadBalancingPolicy;
import io.envoyproxy.envoy.config.cluster.v3.LoadBalancingPolicy.Policy;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import io.envoyproxy.envoy.extensions.load_balancing_policies.random.v3.Random;
import io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin;
import io.envoyproxy.envoy.extensions.load_balancing_policies.wrr_locality.v3.WrrLocality;

/** How an instance is picked ({@code Cluster.load_balancing_policy}). */
final class LoadBalancing {
  private static final String PREFIX = "envoy.load_balancing_policies.";

  private LoadBalancing() {}

  static LoadBalancingPolicy policy(LoadBalancerPolicy settings, ClientKind client) {
    return switch (client) {
      case ENVOY -> picking(settings);
      case GRPC -> ofGrpc(settings);
    };
  }

  private static LoadBalancingPolicy picking(LoadBalancerPolicy settings) {
    return switch (settings.type()) {
      case LEAST_REQUEST ->
          of(
              "least_request",
              LeastRequest.newBuilder().setChoiceCount(Protos.uint32(settings.choices())).build());
      case ROUND_ROBIN -> of("round_robin", RoundRobin.getDefaultInstance());
      case RANDOM -> of("random", Random.getDefaultInstance());
      case CONSISTENT_HASH ->
          throw new IllegalArgumentException("ConsistentHash is refused by validation");
    };
  }

  /**
   * gRPC heeds weights of localities only where wrr_locality says so (gRFC A52), and knows no
   * random policy.
   */
  private static LoadBalancingPolicy ofGrpc(LoadBalancerPolicy settings) {
    LoadBalancingPolicy picking =
        switch (settings.type()) {
          case LEAST_REQUEST, ROUND_ROBIN, CONSISTENT_HASH -> picking(settings);
          case RANDOM -> of("round_robin", RoundRobin.getDefaultInstance());
        };
    return of("wrr_locality", WrrLocality.newBuilder().setEndpointPickingPolicy(picking).build());
  }

  private static LoadBalancingPolicy of(String name, Message config) {
    return LoadBalancingPolicy.newBuilder()
        .addPolicies(
            Policy.newBuilder().setTypedExtensionConfig(Protos.extension(PREFIX + name, config)))
        .build();
  }
}
