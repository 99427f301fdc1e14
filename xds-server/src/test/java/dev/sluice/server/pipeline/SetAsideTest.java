package dev.sluice.server.pipeline;

import static dev.sluice.server.pipeline.Shop.GATEWAY;
import static dev.sluice.server.pipeline.Shop.document;
import static dev.sluice.server.pipeline.Shop.exposed;
import static dev.sluice.server.pipeline.Shop.group;
import static dev.sluice.server.pipeline.Shop.id;
import static dev.sluice.server.pipeline.Shop.instance;
import static dev.sluice.server.pipeline.Shop.policy;
import static dev.sluice.server.pipeline.Shop.policyKey;
import static dev.sluice.server.pipeline.Shop.service;
import static dev.sluice.server.pipeline.Shop.sidecar;
import static dev.sluice.server.pipeline.Shop.unusable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServicePort;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.problem.Problem;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceUpdate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An edit that cannot hold is set aside, and what held before stays in force. */
class SetAsideTest extends PipelineFixture {
  @Test
  void anEditThatConflictsLeavesTheLastGoodVersionInForce() {
    NodeGroup edge = edgeOfOrdersAndUsers();
    Snapshot before = snapshot(edge);

    tell(exposed("users", "orders.example.com"));
    assertThat(snapshot(edge)).isEqualTo(before);
    assertThat(accepted("users")).isFalse();
    assertThat(pipeline.problems())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("shop/orders"));

    tell(service("users", 1, 2));
    assertThat(accepted("users")).as("instances settle no conflict").isFalse();

    tell(exposed("orders", "other.example.com"));
    assertThat(accepted("users")).isTrue();
    assertThat(routes(edge)).contains("other.example.com").doesNotContain("users.example.com");
  }

  @Test
  void editsThatConflictWithWhatIsPutBackArePutBackToo() {
    NodeGroup edge = group(Role.GATEWAY, "edge");
    watch(edge);
    tell(
        service("a", 1),
        service("b", 1),
        service("c", 1),
        document(GATEWAY),
        exposed("a", "x.example.com"),
        exposed("b", "z.example.com"),
        exposed("c", "y.example.com"));
    Snapshot before = snapshot(edge);
    // "b" may not have the host of "a", so it keeps the one that "c" wants.
    tell(exposed("b", "x.example.com"), exposed("c", "z.example.com"));
    assertThat(snapshot(edge)).isEqualTo(before);
    assertThat(accepted("c")).isFalse();
    assertThat(accepted("b")).isFalse();
  }

  @Test
  void aVersionThatNobodyDeclaresLeavesTheLastGoodSplit() {
    watch(sidecar());
    tell(service("orders", 1, 2), policy("orders", 90));
    Snapshot before = snapshot(sidecar());
    tell(exposed("orders", "orders.example.com"));
    assertThat(snapshot(sidecar()))
        .as("a Gateway that does not exist: the edit is set aside, with the split it drops")
        .isEqualTo(before);
    assertThat(pipeline.problems()).isNotEmpty();
  }

  @Test
  void anEditThatEnvoyWouldRefuseLeavesTheLastGoodVersionInForce() {
    watch(sidecar());
    tell(service("orders", 1, 2), policy("orders", 90));
    Snapshot before = snapshot(sidecar());

    tell(unusable(policy("orders", 50)));
    assertThat(snapshot(sidecar())).isEqualTo(before);
    assertThat(accepted("orders")).isFalse();
    assertThat(pipeline.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "orders.yaml:1:1 $: Envoy would refuse what this comes to, so what held before stays in"
                + " force: Cluster orders.shop|80|v1: connect_timeout must be > 0s, is 0s");

    NodeGroup late = group(Role.NODE, "late");
    watch(late);
    assertThat(snapshot(late).resources(ResourceType.CLUSTER).keySet())
        .as("newcomers have the last good version too")
        .containsExactly("orders.shop|80|v1", "orders.shop|80|v2");

    tell(policy("orders", 40));
    assertThat(accepted("orders")).isTrue();
    assertThat(pipeline.problems()).isEmpty();
    assertThat(snapshot(sidecar())).isNotEqualTo(before);
  }

  @Test
  void aNewPolicyThatEnvoyWouldRefuseLeavesTheServiceAsItWas() {
    watch(sidecar());
    tell(service("orders", 1, 2));
    Snapshot before = snapshot(sidecar());
    tell(unusable(policy("orders", 50)));
    assertThat(snapshot(sidecar())).isEqualTo(before);
    assertThat(accepted("orders")).isFalse();
    apply(new SourceUpdate.Remove(new SourceEntry.OfDocumentKey(policyKey("orders"))));
    assertThat(pipeline.problems()).isEmpty();
  }

  @Test
  void ofSeveralEditsThatOneIsSetAsideThatEnvoyWouldRefuse() {
    watch(sidecar());
    String retries =
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: orders, namespace: shop}
        spec:
          target: {service: orders}
          retry: {attempts: 7}
        """;
    String namespace =
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: all, namespace: shop}
        spec:
          target: {service: "*"}
          connectionPool: {connectTimeout: 3s}
        """;
    tell(service("orders", 1), document(retries), unusable(document(namespace)));
    assertThat(accepted("all")).isFalse();
    assertThat(accepted("orders")).isTrue();
    assertThat(routes(sidecar())).contains("value: 7");
  }

  @Test
  void factsThatEnvoyWouldRefuseLeaveTheServiceAsItWas() {
    watch(sidecar());
    tell(service("orders", 1, 2), service("users", 1));
    Snapshot before = snapshot(sidecar());
    Endpoint wrong = instance("10.0.0.9", Map.of("http", 65_536), Map.of());
    tell(
        new SourceEntry.OfService(
            new Service(
                id("orders"),
                List.of(new ServicePort("http", 80, Protocol.HTTP2)),
                List.of(wrong))));
    assertThat(snapshot(sidecar())).isEqualTo(before);
    assertThat(pipeline.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "service orders.shop $: Envoy would refuse what this comes to, so what held before stays"
                + " in force: ClusterLoadAssignment orders.shop|80: endpoints[0].lb_endpoints[0]"
                + ".endpoint.address.socket_address.port_value must be <= 65535, is 65536");
    tell(service("orders", 3));
    assertThat(pipeline.problems()).isEmpty();
    assertThat(snapshot(sidecar())).isNotEqualTo(before);
  }

  @Test
  void whereOnePartIsRefusedTheInstancesOfTheOthersGoOn() {
    watch(sidecar());
    tell(twoPorts(8080, 9000));
    tell(twoPorts(65_536, 9001));
    assertThat(ports(sidecar(), "orders.shop|80")).containsExactly(8080);
    assertThat(ports(sidecar(), "orders.shop|81")).containsExactly(9001);
    assertThat(pipeline.problems()).isNotEmpty();
  }

  @Test
  void aListenerPatchThatEnvoyWouldRefuseIsSetAside() {
    watch(sidecar());
    tell(service("orders", 1), policy("orders", 90));
    Snapshot before = snapshot(sidecar());
    tell(
        document(
            """
            apiVersion: sluice.dev/v1
            kind: TrafficPolicy
            metadata: {name: orders, namespace: shop}
            spec:
              target: {service: orders}
              envoy:
                listeners:
                  - side: inbound
                    patch: {listener_filters: [{filter_disabled: {any_match: true}}]}
            """));
    assertThat(accepted("orders")).isFalse();
    assertThat(snapshot(sidecar())).isEqualTo(before);
    assertThat(pipeline.problems())
        .extracting(Problem::message)
        .allMatch(message -> message.contains("listener_filters[0].name"));
  }

  private static SourceEntry twoPorts(int http, int admin) {
    Endpoint endpoint = instance("10.0.0.9", Map.of("http", http, "admin", admin), Map.of());
    return new SourceEntry.OfService(
        new Service(
            id("orders"),
            List.of(
                new ServicePort("http", 80, Protocol.HTTP2),
                new ServicePort("admin", 81, Protocol.HTTP2)),
            List.of(endpoint)));
  }
}
