package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.LISTENER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.listener;
import static dev.sluice.server.xds.Fixtures.route;
import static dev.sluice.server.xds.Wire.DELTA_AGGREGATED;
import static dev.sluice.server.xds.Wire.DELTA_ONE_TYPE;
import static dev.sluice.server.xds.Wire.SOTW_AGGREGATED;
import static dev.sluice.server.xds.Wire.SOTW_ONE_TYPE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

@Section(value = "Reconnecting", place = 5)
class ConformanceReconnectTest extends WireTest {
  @Behaviour(
      value =
          "initial_resource_versions: what is equal is not sent, what differs is, and what is"
              + " gone is removed.",
      on = {DELTA_AGGREGATED, DELTA_ONE_TYPE})
  void whatTheClientHasIsNotSentAgain(Wire wire) throws Exception {
    publish(route("equal", "1"), route("other", "2"), route("new", "1"));
    WireProxy proxy = proxy(wire);
    Map<String, String> had =
        Map.of("equal", route("equal", "1").version(), "other", "old", "gone", "old");
    proxy.resume(ROUTE, "", had, "equal", "other", "new", "gone");
    Received answer = proxy.accept(ROUTE);
    assertThat(answer.resources()).containsExactly(route("new", "1"), route("other", "2"));
    assertThat(answer.removed()).containsExactly("gone");
    assertQuiet(proxy);
  }

  @Behaviour(
      "A proxy that comes back, to any replica and after any restart, with what is current is"
          + " sent no cluster, listener or route.")
  void aProxyThatMovesToAnotherReplicaIsSentNothing(Wire wire) throws Exception {
    publish(cluster("a", "1"), cluster("b", "1"), listener("l", "1"));
    publish(route("r", "1"), cluster("a", "2"));
    WireProxy before = proxy(wire);
    before.ask(CLUSTER, "*");
    Received clusters = before.accept(CLUSTER);
    before.ask(LISTENER, "*");
    Received listeners = before.accept(LISTENER);
    before.ask(ROUTE, "r");
    Received routes = before.accept(ROUTE);
    stop();
    start();
    edit(edits -> edits.put(cluster("c", "1"))); // It came to the same another way.
    edit(edits -> edits.remove(CLUSTER, "c"));
    WireProxy after = proxy(wire);
    after.resume(CLUSTER, clusters.version(), versions(clusters), "*");
    after.resume(LISTENER, listeners.version(), versions(listeners), "*");
    after.resume(ROUTE, routes.version(), versions(routes), "r");
    assertQuiet(after);
    publish(route("r", "2"));
    assertThat(after.accept(ROUTE).resources()).containsExactly(route("r", "2"));
    publish(cluster("b", "2"));
    assertThat(after.accept(CLUSTER).resources()).contains(cluster("b", "2"));
    assertQuiet(after);
  }

  @Behaviour(
      value = "A first EDS request is answered even when its version is equal: a cluster may warm.",
      on = {SOTW_AGGREGATED, SOTW_ONE_TYPE})
  void aWarmingClusterIsAnswered(Wire wire) throws Exception {
    publish(cluster("a", "1"), assignment("a", 1));
    WireProxy before = proxy(wire);
    before.ask(ENDPOINT, "a");
    Received assignments = before.accept(ENDPOINT);
    before.disconnect();
    WireProxy after = proxy(wire);
    after.resume(ENDPOINT, assignments.version(), Map.of(), "a");
    Received answer = after.accept(ENDPOINT);
    assertThat(answer.resources()).containsExactly(assignment("a", 1));
    assertThat(answer.version()).isEqualTo(assignments.version());
    assertQuiet(after);
  }

  @Behaviour("A proxy that comes back with something else is sent what is current.")
  void aProxyThatComesBackWithSomethingElseIsSentWhatIsCurrent(Wire wire) throws Exception {
    publish(cluster("a", "2"), cluster("b", "1"));
    WireProxy proxy = proxy(wire);
    proxy.resume(CLUSTER, "old", Map.of("a", "old", "b", cluster("b", "1").version()));
    Received answer = proxy.accept(CLUSTER);
    assertThat(answer.resources())
        .isEqualTo(
            wire.delta()
                ? List.of(cluster("a", "2"))
                : List.of(cluster("a", "2"), cluster("b", "1")));
    assertQuiet(proxy);
  }

  @Behaviour(
      value =
          "What went while a proxy was away leaves it after its routes: in the state of the world"
              + " where nothing is new to it at the same time.",
      on = {DELTA_AGGREGATED, SOTW_AGGREGATED})
  void whatWentWhileAProxyWasAwayLeavesItAfterItsRoutes(Wire wire) throws Exception {
    publish(cluster("kept", "1"), assignment("kept", 1), listener("l", "1"), route("r", "2"));
    WireProxy proxy = proxy(wire);
    Map<String, String> had =
        Map.of("kept", cluster("kept", "1").version(), "gone", cluster("gone", "1").version());
    proxy.resume(CLUSTER, "with gone", had, "*");
    proxy.resume(LISTENER, "", Map.of(), "*");
    proxy.resume(ENDPOINT, "before", Map.of(), "kept", "gone");
    proxy.resume(ROUTE, "before", Map.of("r", "before"), "r");

    Map<ResourceType, Received> first = new EnumMap<>(ResourceType.class);
    for (int i = 0; i < 3; i++) {
      Received received = proxy.receiveAny(ROUTE);
      first.put(received.type(), received);
    }
    assertThat(first).containsOnlyKeys(LISTENER, ENDPOINT, ROUTE);
    proxy.ack(requireNonNull(first.get(LISTENER)));
    proxy.ack(requireNonNull(first.get(ENDPOINT)));
    assertQuiet(proxy);
    proxy.ack(requireNonNull(first.get(ROUTE)));

    Received clusters = proxy.receiveUntil(CLUSTER);
    if (wire.delta()) {
      assertThat(clusters.removed()).containsExactly("gone");
    } else {
      assertThat(clusters.resources()).containsExactly(cluster("kept", "1"));
    }
  }

  @Behaviour(
      value =
          "A proxy that comes back is sent clusters that are new to it at once: routes may need"
              + " them.",
      on = {DELTA_AGGREGATED, SOTW_AGGREGATED})
  void clustersThatAreNewToAProxyThatComesBackComeAtOnce(Wire wire) throws Exception {
    publish(cluster("new", "1"), assignment("new", 1), listener("l", "1"), route("r", "2"));
    WireProxy proxy = proxy(wire);
    proxy.resume(CLUSTER, "with gone", Map.of("gone", cluster("gone", "1").version()), "*");
    proxy.resume(LISTENER, "", Map.of(), "*");
    proxy.resume(ENDPOINT, "before", Map.of(), "gone");
    proxy.resume(ROUTE, "before", Map.of("r", "before"), "r");

    assertThat(proxy.receiveUntil(CLUSTER).resources()).containsExactly(cluster("new", "1"));
  }

  private static Map<String, String> versions(Received received) {
    return received.resources().stream()
        .collect(Collectors.toMap(Resource::name, Resource::version));
  }
}
