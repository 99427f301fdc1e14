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
import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.util.List;

@Section(value = "What responses hold", place = 4)
class ConformanceResponsesTest extends WireTest {
  @Behaviour(
      value = "An LDS or CDS response holds all that is subscribed to.",
      on = {SOTW_AGGREGATED, SOTW_ONE_TYPE})
  void aResponseHoldsAll(Wire wire) throws Exception {
    publish(cluster("a", "1"), cluster("b", "1"), listener("l", "1"), listener("m", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(CLUSTER);
    proxy.accept(CLUSTER);
    proxy.ask(LISTENER, "l");
    assertThat(proxy.accept(LISTENER).names()).containsExactly("l");
    publish(cluster("b", "2"));
    assertThat(proxy.accept(CLUSTER).resources())
        .containsExactly(cluster("a", "1"), cluster("b", "2"));
    proxy.ask(LISTENER, "m");
    assertThat(proxy.accept(LISTENER).resources())
        .containsExactly(listener("l", "1"), listener("m", "1"));
    remove(CLUSTER, "a");
    assertThat(proxy.accept(CLUSTER).resources()).containsExactly(cluster("b", "2"));
    assertQuiet(proxy);
  }

  @Behaviour("An EDS or RDS response holds what changed, and nothing else.")
  void aResponseHoldsWhatChanged(Wire wire) throws Exception {
    publish(assignment("a", 1), assignment("b", 1), route("r", "1"), route("s", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(ENDPOINT, "a", "b");
    assertThat(proxy.accept(ENDPOINT).names()).containsExactly("a", "b");
    proxy.ask(ROUTE, "r");
    proxy.accept(ROUTE);
    proxy.ask(ROUTE, "s");
    assertThat(proxy.accept(ROUTE).names()).containsExactly("s");
    publish(assignment("b", 2));
    assertThat(proxy.accept(ENDPOINT).resources()).containsExactly(assignment("b", 2));
    publish(route("r", "2"));
    assertThat(proxy.accept(ROUTE).resources()).containsExactly(route("r", "2"));
    assertQuiet(proxy);
  }

  @Behaviour(
      value = "A response of any type holds what changed and what is gone, and nothing else.",
      on = {DELTA_AGGREGATED, DELTA_ONE_TYPE})
  void aDifferenceIsADifference(Wire wire) throws Exception {
    publish(cluster("a", "1"), cluster("b", "1"), cluster("c", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(CLUSTER);
    proxy.accept(CLUSTER);
    edit(edits -> edits.put(cluster("b", "2")).remove(CLUSTER, "c"));
    Received news = proxy.accept(CLUSTER);
    assertThat(news.resources()).containsExactly(cluster("b", "2"));
    assertThat(news.removed()).containsExactly("c");
    assertQuiet(proxy);
  }

  @Behaviour(
      value = "Each resource has its own version, and system_version_info tells that of the type.",
      on = {DELTA_AGGREGATED, DELTA_ONE_TYPE})
  void resourcesHaveVersionsOfTheirOwn(Wire wire) throws Exception {
    publish(cluster("a", "1"), cluster("b", "1"));
    AdsClient<DeltaDiscoveryRequest, DeltaDiscoveryResponse> client =
        wire.aggregated()
            ? AdsClient.delta(channel)
            : AdsClient.of(channel, OneTypeMethods.delta(CLUSTER));
    client.send(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(CLUSTER.typeUrl())
            .setNode(AdsClient.node("one"))
            .build());
    DeltaDiscoveryResponse response = client.receive();
    assertThat(response.getResourcesList())
        .extracting(resource -> resource.getVersion())
        .containsExactly(cluster("a", "1").version(), cluster("b", "1").version())
        .doesNotHaveDuplicates();
    assertThat(response.getSystemVersionInfo()).isEqualTo(typeVersion(CLUSTER));
  }

  @Behaviour("The removal of the last resource is told.")
  void theLastRemovalIsTold(Wire wire) throws Exception {
    publish(cluster("a", "1"), listener("l", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(CLUSTER);
    proxy.accept(CLUSTER);
    remove(CLUSTER, "a");
    Received news = proxy.accept(CLUSTER);
    assertThat(news.resources()).isEmpty();
    assertThat(news.removed()).isEqualTo(wire.delta() ? List.of("a") : List.of());
    proxy.ask(LISTENER);
    proxy.accept(LISTENER);
    remove(LISTENER, "l");
    news = proxy.accept(LISTENER);
    assertThat(news.resources()).isEmpty();
    assertThat(news.removed()).isEqualTo(wire.delta() ? List.of("l") : List.of());
    assertQuiet(proxy);
  }

  @Behaviour("Changes while a response is unanswered are one response after the ACK, the newest.")
  void changesMeanwhileAreOneResponse(Wire wire) throws Exception {
    publish(route("r", "1"), route("s", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(ROUTE, "r", "s");
    Received first = proxy.receive(ROUTE);
    publish(route("r", "2"), route("s", "2"));
    publish(route("r", "3"));
    publish(route("r", "4"), route("s", "1"));
    awaitPublished();
    assertQuiet(proxy);
    proxy.ack(first);
    assertThat(proxy.accept(ROUTE).resources()).containsExactly(route("r", "4"));
    assertQuiet(proxy);
  }

  @Behaviour("A change in one type moves no other type's version.")
  void aChangeInOneTypeMovesNoOther(Wire wire) throws Exception {
    publish(cluster("a", "1"), listener("l", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(CLUSTER);
    String before = proxy.accept(CLUSTER).version();
    publish(listener("l", "2"), route("r", "1"), assignment("x", 1));
    awaitPublished();
    assertQuiet(proxy);
    WireProxy newcomer = proxy(wire, "newcomer");
    newcomer.ask(CLUSTER);
    assertThat(newcomer.receive(CLUSTER).version()).isEqualTo(before);
    publish(cluster("a", "2"));
    assertThat(proxy.accept(CLUSTER).version()).isNotEqualTo(before);
  }

  @Behaviour("An unanswered type holds back no other.")
  void anUnansweredTypeHoldsBackNoOther(Wire wire) throws Exception {
    publish(assignment("a", 1), route("r", "1"), listener("l", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(ENDPOINT, "a");
    Received unanswered = proxy.receive(ENDPOINT);
    proxy.ask(LISTENER);
    proxy.accept(LISTENER);
    proxy.ask(ROUTE, "r");
    proxy.accept(ROUTE);
    publish(assignment("a", 2), route("r", "2"), listener("l", "2"));
    if (wire.aggregated()) {
      assertThat(proxy.receiveAny(LISTENER).type()).isEqualTo(LISTENER);
      assertThat(proxy.receiveAny(LISTENER).type()).isEqualTo(ROUTE);
    } else {
      proxy.receive(LISTENER);
      proxy.receive(ROUTE);
    }
    assertQuiet(proxy);
    proxy.ack(unanswered);
    assertThat(proxy.receive(ENDPOINT).resources()).containsExactly(assignment("a", 2));
  }
}
