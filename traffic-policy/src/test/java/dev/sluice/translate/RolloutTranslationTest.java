package dev.sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.policy.attach.Rolled;
import dev.sluice.policy.attach.RolledOut;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.spec.Documents;
import dev.sluice.spec.TrafficPolicy;
import dev.sluice.translate.VirtualHostInput.ActionInput;
import dev.sluice.translate.VirtualHostInput.RouteInput;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What proxies are sent while a rollout stands somewhere. */
class RolloutTranslationTest {
  private static final TrafficPolicy CANARY =
      policy("canary: {from: v1, to: v2, steps: [{weight: 10}]}");

  private static TrafficPolicy policy(String rollout) {
    String text =
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: orders, namespace: shop}
        spec:
          target: {service: orders}
          versions:
            - {name: v1, labels: {version: v1}}
            - {name: v2, labels: {version: v2}}
          rollout:
            %s
        """
            .formatted(rollout);
    var reading = DocumentParser.reader().read("orders.yaml", text);
    assertThat(reading.problems()).isEmpty();
    return (TrafficPolicy) reading.items().getFirst().document().orElseThrow();
  }

  private static TrafficPolicy at(TrafficPolicy policy, int v1, int v2) {
    return RolledOut.of(policy, Rolled.at(new TreeMap<>(Map.of("v1", v1, "v2", v2))));
  }

  private static Service service(Protocol protocol, String... versions) {
    return Given.orders(
        protocol,
        List.of(versions).stream()
            .map(version -> Given.endpoint("10.0.0." + version.substring(1), version))
            .toArray(Endpoint[]::new));
  }

  private static PortTranslation port(TrafficPolicy policy, Service service) {
    PolicyIndex index = PolicyIndex.of(Documents.of(List.of(policy)), Catalog.of(List.of(service)));
    return ServiceTranslation.of(service, index.policies(Given.ORDERS)).ports().getFirst();
  }

  private static PortTranslation port(TrafficPolicy policy) {
    return port(policy, service(Protocol.HTTP, "v1", "v2"));
  }

  private static SortedMap<String, Long> shares(RouteInput route) {
    return ((ActionInput.Forward) route.action()).clusters();
  }

  private static SortedMap<String, Long> shares(long v1, long v2) {
    return new TreeMap<>(Map.of("orders.shop|80|v1", v1, "orders.shop|80|v2", v2));
  }

  @Test
  void aStepDividesTheRoutes() {
    assertThat(shares(port(at(CANARY, 90, 10)).routes().getLast())).isEqualTo(shares(9, 1));
  }

  @Test
  void aStepChangesRoutesAlone() {
    PortTranslation start = port(CANARY);
    PortTranslation step = port(at(CANARY, 90, 10));

    assertThat(start.clusters())
        .extracting(ClusterInput::name)
        .containsExactly("orders.shop|80|v1", "orders.shop|80|v2");
    assertThat(shares(start.routes().getLast())).isEqualTo(shares(1, 0));
    assertThat(step.clusters()).isEqualTo(start.clusters());
    assertThat(step.assignments()).isEqualTo(start.assignments());
  }

  @Test
  void onlyAPartOfTheReadyInstancesTakesPartAndAllAreCounted() {
    Service service =
        Given.orders(
            Protocol.HTTP,
            Given.endpoint("10.0.0.1", "v1"),
            Given.endpoint("10.0.0.23", "v2"),
            Given.endpoint("10.0.0.22", "v2"),
            Given.endpoint("10.0.0.24", "v2"));
    TrafficPolicy policy =
        RolledOut.of(
            CANARY,
            new Rolled(new TreeMap<>(Map.of("v1", 1, "v2", 1)), new TreeMap<>(Map.of("v2", 1))));

    assertThat(addresses(port(policy, service), "v2")).containsExactly("10.0.0.22");
    assertThat(addresses(port(policy, service), "v1")).containsExactly("10.0.0.1");
    assertThat(addresses(port(at(CANARY, 1, 1), service), "v2")).hasSize(3);
    PolicyIndex index = PolicyIndex.of(Documents.of(List.of(policy)), Catalog.of(List.of(service)));
    assertThat(VersionCounts.of(service, index.policies(Given.ORDERS).getFirst()))
        .containsEntry("v2", new VersionCounts(3, 3));
  }

  private static List<String> addresses(PortTranslation port, String version) {
    return port.assignments().stream()
        .filter(it -> it.cluster().endsWith("|" + version))
        .flatMap(it -> it.localities().stream())
        .flatMap(it -> it.endpoints().stream())
        .map(it -> it.address())
        .toList();
  }

  @Test
  void aShareWhoseVersionHasNoReadyInstanceStaysWithTheOther() {
    PortTranslation port = port(at(CANARY, 90, 10), service(Protocol.HTTP, "v1"));

    assertThat(shares(port.routes().getLast())).isEqualTo(shares(9, 0));
  }

  @Test
  void withAllAtTheNewVersionTheOneBeforeItStandsInForIt() {
    TrafficPolicy flip = policy("blueGreen: {active: v2, standby: v1}");

    for (TrafficPolicy policy : List.of(CANARY, flip)) {
      assertThat(shares(port(at(policy, 0, 1), service(Protocol.HTTP, "v1")).routes().getLast()))
          .isEqualTo(shares(1, 0));
      assertThat(shares(port(at(policy, 0, 1)).routes().getLast())).isEqualTo(shares(0, 1));
      assertThat(shares(port(at(policy, 1, 0), service(Protocol.HTTP, "v2")).routes().getLast()))
          .as("the new one does not stand in for the old one")
          .isEqualTo(shares(1, 0));
    }
  }

  @Test
  void connectionsAreDividedLikeRequests() {
    PortTranslation port = port(at(CANARY, 90, 10), service(Protocol.TCP, "v1", "v2"));

    assertThat(port.tcp().orElseThrow().clusters()).isEqualTo(shares(9, 1));
  }

  @Test
  void whatIsPreviewedNeverGoesToTheVersionThatHasTheTraffic() {
    TrafficPolicy pair =
        policy(
            "blueGreen: {active: v1, standby: v2, preview: {header: {name: x-next, exact: \"1\"}}}");

    PortTranslation port = port(pair, service(Protocol.HTTP, "v1"));

    assertThat(port.routes())
        .extracting(RouteInput::name)
        .containsExactly("orders.shop/rollout-preview", "orders.shop/split");
    assertThat(shares(port.routes().getFirst()))
        .containsExactly(Map.entry("orders.shop|80|v2", 1L));
  }
}
