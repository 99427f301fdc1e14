package dev.sluice.policy.attach;

import static dev.sluice.policy.attach.Given.index;
import static dev.sluice.policy.attach.Given.only;
import static dev.sluice.policy.attach.Given.problems;
import static dev.sluice.policy.attach.Given.service;
import static dev.sluice.policy.attach.PolicyText.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Protocol;
import dev.sluice.policy.attach.HealthPolicy.ActivePolicy;
import dev.sluice.policy.attach.HealthPolicy.Probe;
import dev.sluice.spec.HashKey;
import dev.sluice.spec.HealthCheck;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.LocalityRouting;
import dev.sluice.spec.LocalityRouting.Nearness;
import dev.sluice.spec.Percent;
import dev.sluice.spec.Split;
import dev.sluice.spec.TrafficPolicy;
import dev.sluice.spec.Version;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What sections of several documents come to, and what their authors are told. */
class MergedSectionsTest {
  private static final HashKey USER = new HashKey("x-user-id", null, null, null);
  private static final LoadBalancer HASHING =
      new LoadBalancer(LoadBalancer.Type.CONSISTENT_HASH, null, List.of(USER), null, null);

  @Test
  void aHashIsOfMeaningWhereAnInstanceIsPickedByIt() {
    assertThat(only(index(service("orders", 80), hashing("orders"))).requests().hash())
        .containsExactly(USER);
    LoadBalancer random = LoadBalancer.of(LoadBalancer.Type.RANDOM);
    PolicyIndex another =
        index(
            service("orders", 80),
            hashing("*"),
            policy("b", "orders").loadBalancer(random).write());
    assertThat(only(another).requests().hash()).isEmpty();
    Version.Overrides overrides = new Version.Overrides(HASHING, null, null, null);
    PolicyIndex version =
        index(
            service("orders", 80),
            hashing("*"),
            policy("b", "orders")
                .loadBalancer(random)
                .versions(PolicyText.version("v1", overrides))
                .write());
    assertThat(only(version).requests().hash()).containsExactly(USER);
  }

  @Test
  void aConsistentHashTakesRetriesToTheSameInstance() {
    assertThat(
            only(index(service("orders", 80), hashing("orders")))
                .requests()
                .retry()
                .avoidPreviousHosts())
        .isFalse();
  }

  @Test
  void slowStartIsTakenOffABalancerThatCannotDoIt() {
    LoadBalancer.SlowStart start = new LoadBalancer.SlowStart(Duration.ofMinutes(1), null, null);
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("a", "*")
                .loadBalancer(new LoadBalancer(null, null, List.of(), null, start))
                .write(),
            policy("b", "orders").loadBalancer(LoadBalancer.of(LoadBalancer.Type.RANDOM)).write());

    assertThat(only(index).cluster().loadBalancer().slowStart()).isEmpty();
    assertThat(problems(index, "a")).isEmpty();
    assertThat(problems(index, "b"))
        .containsExactly(
            "b.yaml:1:1 $.spec.loadBalancer.type: warning: Random cannot give a new instance less,"
                + " so loadBalancer.slowStart does nothing");
  }

  @Test
  void aKindOfCheckReplacesTheOneBelowAndKeepsItsTimes() {
    HealthCheck.Http http = new HealthCheck.Http("/healthz", null, List.of());
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("a", "*")
                .health(check(HealthCheck.Source.BOTH, http, null, Duration.ofSeconds(3)))
                .write(),
            policy("b", "orders")
                .protocol(Protocol.GRPC)
                .health(check(null, null, new HealthCheck.Grpc("orders"), null))
                .write());

    HealthPolicy health = only(index).cluster().health();
    assertThat(health.source()).isEqualTo(HealthCheck.Source.BOTH);
    assertThat(health.active())
        .contains(
            new ActivePolicy(
                new Probe.Grpc("orders"),
                Duration.ofSeconds(3),
                Duration.ofSeconds(1),
                3,
                1,
                OptionalInt.empty()));
  }

  @Test
  void instancesOfHttp1AreNotAskedByGrpc() {
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("a", "orders")
                .health(check(HealthCheck.Source.ACTIVE, null, new HealthCheck.Grpc(null), null))
                .write());

    assertThat(only(index).cluster().health().active().map(ActivePolicy::probe))
        .contains(new Probe.Tcp());
    assertThat(problems(index, "a"))
        .containsExactly(
            "a.yaml:1:1 $.spec.health.active.grpc: warning: the service speaks http, so its"
                + " instances are asked for a connection only; write protocol: grpc, or ask by"
                + " http");
  }

  private static HealthCheck check(
      HealthCheck.@Nullable Source source,
      HealthCheck.@Nullable Http http,
      HealthCheck.@Nullable Grpc grpc,
      @Nullable Duration interval) {
    return new HealthCheck(
        source,
        new Percent(0),
        new HealthCheck.Active(http, grpc, null, interval, null, null, null, null));
  }

  @Test
  void weightsOfPlacesGiveWayToAHash() {
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("a", "*").locality(weighted()).write(),
            hashing("orders"));

    assertThat(only(index).cluster().locality()).isEqualTo(new LocalityPolicy.None());
    assertThat(problems(index, "hash"))
        .containsExactly(
            "hash.yaml:1:1 $.spec.loadBalancer.type: warning: ConsistentHash spans all localities,"
                + " so locality.mode weighted does nothing");
  }

  @Test
  void localitiesDoNotCountInEndpointMode() {
    Split split = new Split(new TreeMap<>(Map.of("v1", 1)), Split.Mode.ENDPOINT, null, null);
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("a", "orders").locality(failover()).write(),
            policy("b", "orders")
                .loadBalancer(LoadBalancer.of(LoadBalancer.Type.ROUND_ROBIN))
                .versions("v1")
                .split(split)
                .write());

    assertThat(only(index).cluster().locality()).isEqualTo(new LocalityPolicy.None());
    assertThat(problems(index, "a"))
        .containsExactly(
            "a.yaml:1:1 $.spec.locality.mode: warning: does nothing with split.mode endpoint, whose"
                + " weights are of all instances together");
  }

  @Test
  void aServicesModeReplacesItsNamespaces() {
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("a", "*").locality(weighted()).write(),
            policy("b", "orders").locality(failover()).write());

    assertThat(only(index).cluster().locality())
        .isEqualTo(
            new LocalityPolicy.Failover(
                List.of(Nearness.ZONE, Nearness.REGION, Nearness.ANY), 140));
  }

  private static LocalityRouting weighted() {
    return new LocalityRouting(
        LocalityRouting.Mode.WEIGHTED, List.of(), new TreeMap<>(Map.of("eu", 1)), null);
  }

  private static LocalityRouting failover() {
    return new LocalityRouting(
        LocalityRouting.Mode.FAILOVER, List.of(), Collections.emptySortedMap(), null);
  }

  private static TrafficPolicy hashing(String service) {
    return policy("hash", service).loadBalancer(HASHING).write();
  }
}
