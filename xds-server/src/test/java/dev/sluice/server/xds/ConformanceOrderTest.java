package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.LISTENER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.listener;
import static dev.sluice.server.xds.Fixtures.readyAssignment;
import static dev.sluice.server.xds.Fixtures.route;
import static dev.sluice.server.xds.Wire.DELTA_AGGREGATED;
import static dev.sluice.server.xds.Wire.DELTA_ONE_TYPE;
import static dev.sluice.server.xds.Wire.SOTW_AGGREGATED;
import static dev.sluice.server.xds.Wire.SOTW_ONE_TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.snapshot.ResourceType;
import java.util.List;

@Section(value = "Order", place = 8)
class ConformanceOrderTest extends WireTest {
  @Behaviour(
      value = "One change of all types leaves in the order CDS, EDS, LDS, RDS.",
      on = {SOTW_AGGREGATED, DELTA_AGGREGATED})
  void theTypesLeaveInOrder(Wire wire) throws Exception {
    WireProxy proxy = configured(wire, "one");
    publish(cluster("a", "2"), assignment("a", 2), listener("l", "2"), route("r", "2"));
    for (ResourceType type : List.of(CLUSTER, ENDPOINT, LISTENER, ROUTE)) {
      proxy.receive(type);
    }
    assertQuiet(proxy);
  }

  @Behaviour(
      value = "LDS and RDS wait until new clusters are accepted; EDS does not.",
      on = {SOTW_AGGREGATED, DELTA_AGGREGATED})
  void routesWaitForNewClusters(Wire wire) throws Exception {
    WireProxy proxy = configured(wire, "one");
    publish(cluster("b", "1"), assignment("b", 1), listener("l", "2"), route("r", "2"));
    Received clusters = proxy.receive(CLUSTER);
    proxy.ask(ENDPOINT, "b");
    assertThat(proxy.accept(ENDPOINT).resources()).containsExactly(assignment("b", 1));
    assertQuiet(proxy);
    proxy.ack(clusters);
    assertThat(proxy.accept(LISTENER).resources()).containsExactly(listener("l", "2"));
    assertThat(proxy.accept(ROUTE).resources()).containsExactly(route("r", "2"));
    assertQuiet(proxy);
  }

  @Behaviour(
      value =
          "LDS and RDS do not overtake the first ready instance of an assignment"
              + " that waits for an earlier EDS response to be answered.",
      on = {SOTW_AGGREGATED, DELTA_AGGREGATED})
  void routesDoNotOvertakeFirstInstances(Wire wire) throws Exception {
    WireProxy proxy = configured(wire, "one");
    publish(assignment("a", 2));
    Received unanswered = proxy.receive(ENDPOINT);
    publish(readyAssignment("a"), route("r", "2"));
    assertQuiet(proxy);
    proxy.ack(unanswered);
    assertThat(proxy.receiveAny(ENDPOINT).type()).isEqualTo(ENDPOINT);
    assertThat(proxy.receiveAny(ENDPOINT).type()).isEqualTo(ROUTE);
    assertQuiet(proxy);
  }

  @Behaviour(
      value = "A cluster is removed when the routes that no longer use it are accepted.",
      on = {SOTW_AGGREGATED, DELTA_AGGREGATED})
  void removalsWaitForRoutes(Wire wire) throws Exception {
    publish(cluster("z", "1"));
    WireProxy proxy = configured(wire, "one");
    edit(edits -> edits.remove(CLUSTER, "a").remove(ENDPOINT, "a").put(route("r", "2")));
    Received routes = proxy.receive(ROUTE);
    assertQuiet(proxy);
    proxy.ack(routes);
    Received clusters = proxy.accept(CLUSTER);
    assertThat(clusters.removed()).isEqualTo(wire.delta() ? List.of("a") : List.of());
    assertThat(clusters.names()).isEqualTo(wire.delta() ? List.of() : List.of("z"));
    if (wire.delta()) {
      assertThat(proxy.accept(ENDPOINT).removed()).containsExactly("a");
    }
    assertQuiet(proxy);
  }

  @Behaviour(
      value = "A stream of one type waits for no other.",
      on = {SOTW_ONE_TYPE, DELTA_ONE_TYPE})
  void aStreamOfOneTypeWaitsForNoOther(Wire wire) throws Exception {
    publish(cluster("z", "1"));
    WireProxy proxy = configured(wire, "one");
    edit(edits -> edits.put(cluster("b", "1")).remove(CLUSTER, "a").put(route("r", "2")));
    assertThat(proxy.receive(ROUTE).resources()).containsExactly(route("r", "2"));
    Received clusters = proxy.receive(CLUSTER);
    assertThat(clusters.removed()).isEqualTo(wire.delta() ? List.of("a") : List.of());
    assertThat(clusters.names()).isEqualTo(wire.delta() ? List.of("b") : List.of("b", "z"));
    assertQuiet(proxy);
  }

  @Behaviour(
      value = "After CDS, EDS is sent again for clusters that are new or changed, and no others.",
      on = {SOTW_AGGREGATED, DELTA_AGGREGATED})
  void endpointsAreSentAgainForChangedClusters(Wire wire) throws Exception {
    publish(cluster("b", "1"), assignment("b", 1));
    WireProxy proxy = configured(wire, "one");
    proxy.ask(ENDPOINT, "b", "c");
    proxy.accept(ENDPOINT);
    publish(cluster("b", "2"));
    proxy.accept(CLUSTER);
    assertThat(proxy.accept(ENDPOINT).resources()).containsExactly(assignment("b", 1));
    assertQuiet(proxy);
    publish(cluster("c", "1"), assignment("c", 1));
    proxy.accept(CLUSTER);
    assertThat(proxy.accept(ENDPOINT).resources()).containsExactly(assignment("c", 1));
    assertQuiet(proxy);
  }

  /** A proxy that has accepted a cluster with its endpoints, a listener and a route. */
  private WireProxy configured(Wire wire, String id) throws Exception {
    publish(cluster("a", "1"), assignment("a", 1), listener("l", "1"), route("r", "1"));
    WireProxy proxy = proxy(wire, id);
    proxy.ask(CLUSTER);
    proxy.accept(CLUSTER);
    proxy.ask(ENDPOINT, "a");
    proxy.accept(ENDPOINT);
    proxy.ask(LISTENER);
    proxy.accept(LISTENER);
    proxy.ask(ROUTE, "r");
    proxy.accept(ROUTE);
    assertQuiet(proxy);
    return proxy;
  }
}
