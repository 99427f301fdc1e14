package dev.sluice.server.pipeline;

import static dev.sluice.server.pipeline.Shop.document;
import static dev.sluice.server.pipeline.Shop.id;
import static dev.sluice.server.pipeline.Shop.instance;
import static dev.sluice.server.pipeline.Shop.policyKey;
import static dev.sluice.server.pipeline.Shop.service;
import static dev.sluice.server.pipeline.Shop.sidecar;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServicePort;
import dev.sluice.policy.attach.Rolled;
import dev.sluice.server.snapshot.Reason;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.source.SourceEntry;
import dev.sluice.spec.DocumentKey;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Rollouts that are to stand elsewhere, some where nothing can come of it. */
class RolledSharesTest extends PipelineFixture {
  private static final Map<String, Integer> BEFORE = Map.of("v1", 7, "v2", 3);
  private static final Map<String, Integer> AFTER = Map.of("v1", 1, "v2", 4);

  private static SourceEntry rolling(String name) {
    return document(
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: %1$s, namespace: shop}
        spec:
          target: {service: %1$s}
          versions:
            - {name: v1, labels: {version: v1}}
            - {name: v2, labels: {version: v2}}
          rollout: {canary: {from: v1, to: v2, steps: [{weight: 10}]}}
        """
            .formatted(name));
  }

  private SortedSet<DocumentKey> roll(Map<String, Map<String, Integer>> weights) {
    TreeMap<DocumentKey, Optional<Rolled>> stands = new TreeMap<>();
    weights.forEach(
        (policy, shares) ->
            stands.put(policyKey(policy), Optional.of(Rolled.at(new TreeMap<>(shares)))));
    return pipeline.roll(stands, new Reason(Reason.Kind.ROLLOUT, "test", "steps", new TreeSet<>()));
  }

  /** What Envoy would refuse of a service, whatever its policy says. */
  private static SourceEntry unusableOrders() {
    return new SourceEntry.OfService(
        new Service(
            id("orders"),
            List.of(new ServicePort("http", 80, Protocol.HTTP2)),
            List.of(instance("10.0.0.9", Map.of("http", 65_536), Map.of("version", "v1")))));
  }

  @Test
  void whatNoProxyWouldTakeStaysWhereItStoodAndTheOthersGoOn() {
    watch(sidecar());
    tell(service("orders", 1, 2), service("users", 1, 2), rolling("orders"), rolling("users"));
    assertThat(roll(Map.of("orders", BEFORE, "users", BEFORE))).isEmpty();
    tell(unusableOrders());

    assertThat(roll(Map.of("orders", AFTER, "users", AFTER))).containsExactly(policyKey("orders"));
    assertThat(weights("orders")).isEqualTo(BEFORE);
    assertThat(weights("users")).isEqualTo(AFTER);

    tell(service("orders", 1, 2));
    assertThat(weights("orders")).as("nothing of it is left").isEqualTo(BEFORE);
    assertThat(roll(Map.of("orders", AFTER))).isEmpty();
    assertThat(weights("orders")).isEqualTo(AFTER);
  }

  /** The share of each version of a service by name, as the sidecar has it. */
  private Map<String, Integer> weights(String service) {
    Map<String, Integer> weights = new TreeMap<>();
    snapshot(sidecar()).resources(ResourceType.ROUTE).values().stream()
        .map(route -> (RouteConfiguration) route.message())
        .flatMap(route -> route.getVirtualHostsList().stream())
        .flatMap(host -> host.getRoutesList().stream())
        .flatMap(route -> route.getRoute().getWeightedClusters().getClustersList().stream())
        .filter(cluster -> cluster.getName().startsWith(service + ".shop|80|"))
        .forEach(
            cluster ->
                weights.put(
                    cluster.getName().replaceFirst(".*\\|", ""), cluster.getWeight().getValue()));
    return weights;
  }
}
