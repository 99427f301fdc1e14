package dev.sluice.server.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.sluice.catalog.Catalog;
import dev.sluice.node.Role;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.explain.Explanation.ClusterShare;
import dev.sluice.server.explain.Explanation.Other;
import dev.sluice.server.explain.Explanation.Setting;
import dev.sluice.server.explain.Explanation.VersionShare;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.spec.Documents;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is explained of whom, and from what. */
class ExplainProxiesTest {
  private static final String POLICY =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec:
        target: {service: orders}
        versions:
          - {name: v1, labels: {version: v1}}
          - {name: v2, labels: {version: v2}, overrides: {circuitBreaker: {maxRequests: 10}}}
        split: {weights: {v1: 90, v2: 10}}
        timeouts: {request: 4s}
        circuitBreaker: {maxRequests: 200}
        routes:
          - name: testers
            match: [{headers: [{name: x-canary, exact: "true"}]}]
            to: {version: v2}
      """;

  private static Explain explain(List<Snapshot> earlier, RoutedProxy... proxies) {
    return explain(Optional.empty(), earlier, proxies);
  }

  private static Explain explain(
      Optional<Snapshot> published, List<Snapshot> earlier, RoutedProxy... proxies) {
    return explain(POLICY, published, earlier, proxies);
  }

  private static Explain explain(
      String policy, Optional<Snapshot> published, List<Snapshot> earlier, RoutedProxy... proxies) {
    Documents documents =
        Documents.of(
            DocumentParser.reader().read("orders.yaml", policy).items().stream()
                .flatMap(item -> item.document().stream())
                .toList());
    PolicyIndex index = PolicyIndex.of(documents, Catalog.EMPTY);
    List<ProxyStatus> statuses = Stream.of(proxies).map(RoutedProxy::status).toList();
    return new Explain(
        new ExplainFacts(
            () -> statuses, _ -> published, _ -> earlier, () -> index, () -> documents));
  }

  private static Explanation told(Explain explain, String url, String from, String... headers) {
    return explain.of(
        Call.parse("GET", url, List.of(headers)), Optional.of(from).filter(it -> !it.isEmpty()));
  }

  private static Explanation told(RoutedProxy proxy, String url, String... headers) {
    return told(explain(List.of(), proxy), url, "", headers);
  }

  @Test
  void sharesPlacesAndReasonsAreTold() {
    Explanation told = told(RoutedProxy.sidecar("web-1"), "http://orders.shop/api");

    assertThat(told.outcome()).isEqualTo(Outcome.FORWARDED);
    assertThat(told.route().orElseThrow().name()).isEqualTo("orders.shop/split");
    assertThat(told.route().orElseThrow().from())
        .containsExactly("TrafficPolicy shop/orders (orders.yaml:9:10)");
    assertThat(told.looked())
        .singleElement()
        .satisfies(
            route -> {
              assertThat(route.because()).containsExactly("header x-canary is missing");
              assertThat(route.from()).contains("TrafficPolicy shop/orders (orders.yaml:13:7)");
            });
    assertThat(told.target().versions())
        .containsExactly(new VersionShare("v1", 90), new VersionShare("v2", 10));
    assertThat(told.target().clusters())
        .extracting(ClusterShare::name, ClusterShare::percent)
        .containsExactly(tuple("orders.shop|80|v1", 90.0), tuple("orders.shop|80|v2", 10.0));
    assertThat(told.notes())
        .containsExactly(
            "10% of the requests are answered 503: it has no instance (orders.shop|80|v2)");
    assertThat(told.differs()).isEmpty();
  }

  @Test
  void sharesOfARolloutAreSaidByIt() {
    String policy =
        POLICY.replace(
            "split: {weights: {v1: 90, v2: 10}}",
            "rollout: {canary: {from: v1, to: v2, steps: [{weight: 10}]}}");
    Explain explain = explain(policy, Optional.empty(), List.of(), RoutedProxy.sidecar("web-1"));

    assertThat(told(explain, "http://orders.shop/api", "").route().orElseThrow().from())
        .containsExactly("TrafficPolicy shop/orders (orders.yaml:9:12)");
  }

  @Test
  void settingsHaveThePlaceThatSaysThem() {
    List<Setting> settings =
        told(RoutedProxy.sidecar("web-1"), "http://orders.shop/api").settings();

    assertThat(settings)
        .contains(
            setting("timeouts.request", "4s", "", "orders.yaml:10:23"),
            setting("circuitBreaker.maxRequests", "200", "v1", "orders.yaml:11:33"),
            setting("circuitBreaker.maxRequests", "10", "v2", "orders.yaml:8:83"),
            new Setting("retry.attempts", "2", "", Optional.empty()),
            new Setting("retry.retryOn", "connect-failure, 503", "", Optional.empty()));
  }

  private static Setting setting(String name, String value, String version, String place) {
    return new Setting(
        name, value, version, Optional.of("TrafficPolicy shop/orders (" + place + ")"));
  }

  @Test
  void aVersionWithoutInstancesAloneIs503() {
    Explanation told = told(RoutedProxy.sidecar("web-1"), "http://orders.shop/", "x-canary: true");

    assertThat(told.outcome()).isEqualTo(Outcome.NO_INSTANCE);
    assertThat(told.status()).hasValue(503);
    assertThat(told.route().orElseThrow().because()).containsExactly("header x-canary is \"true\"");
  }

  @Test
  void unhealthyInstancesAreCalledInPanicAlone() {
    RoutedProxy proxy =
        RoutedProxy.sidecar("web-1")
            .cluster("orders.shop|80|v2", "10.0.0.2", 8080, HealthStatus.DRAINING);

    Explanation told = told(proxy, "http://orders.shop/", "x-canary: true");

    assertThat(told.outcome()).isEqualTo(Outcome.NO_INSTANCE);
    assertThat(told.summary()).contains("none of its 1 instances is healthy");
  }

  @Test
  void aHostThatIsNotKnownSaysWhichAreLikeIt() {
    Explanation told = told(RoutedProxy.sidecar("web-1"), "http://orders.shop:81/");

    assertThat(told.outcome()).isEqualTo(Outcome.NO_HOST);
    assertThat(told.status()).hasValue(404);
    assertThat(told.notes()).contains("there is orders.shop");
  }

  @Test
  void aCallOfGrpcIsAnsweredByItsOwnStatus() {
    Explanation told =
        told(RoutedProxy.sidecar("web-1"), "http://nobody/a.B/C", "content-type: application/grpc");

    assertThat(told.status()).hasValue(404);
    assertThat(told.grpcStatus()).hasValue(12);
  }

  @Test
  void whatTheProxyAcknowledgedDecidesAndTheNewestIsToldBeside() {
    RoutedProxy older = RoutedProxy.sidecar("web-1");
    String version =
        older.snapshot().resource(ResourceType.ROUTE, "outbound").orElseThrow().version();
    RoutedProxy newer =
        RoutedProxy.sidecar("web-1")
            .routes("outbound", "virtual_hosts { name: 'x' domains: 'other' }")
            .uses(ResourceType.ROUTE, "outbound", version);

    Explanation told =
        told(explain(List.of(older.snapshot()), newer), "http://orders.shop/", "web-1");

    assertThat(told.outcome()).isEqualTo(Outcome.FORWARDED);
    assertThat(told.differs())
        .singleElement()
        .asString()
        .startsWith("routes outbound: it uses " + version + ", the newest is ");
    assertThat(told.newest().orElseThrow()).contains("404: no virtual host is for orders.shop");
  }

  @Test
  void whatIsKeptBackIsToldTooWithWhatItWouldDo() {
    RoutedProxy other =
        RoutedProxy.sidecar("web-1")
            .routes("outbound", "virtual_hosts { name: 'x' domains: 'other' }");

    Explanation told =
        told(
            explain(Optional.of(other.snapshot()), List.of(), RoutedProxy.sidecar("web-1")),
            "http://orders.shop/",
            "");

    assertThat(told.outcome()).isEqualTo(Outcome.FORWARDED);
    assertThat(told.differs())
        .singleElement()
        .asString()
        .endsWith(", which is kept back ('sluice status' tells why)");
    assertThat(told.newest().orElseThrow()).contains("404: no virtual host is for orders.shop");
  }

  @Test
  void whatIsNotKnownAnyMoreIsSaid() {
    RoutedProxy proxy =
        RoutedProxy.sidecar("web-1").uses(ResourceType.ROUTE, "outbound", "0123456789abcdef");

    assertThat(told(proxy, "http://orders.shop/").differs())
        .anyMatch(
            line ->
                line.contains(
                    "it uses 0123456789abcdef, which this server does not have any more"));
  }

  @Test
  void whatIsNotAcknowledgedIsNotUsed() {
    RoutedProxy proxy = RoutedProxy.sidecar("web-1").uses(ResourceType.ROUTE, "outbound", "");

    Explanation told = told(proxy, "http://orders.shop/");

    assertThat(told.outcome()).isEqualTo(Outcome.NO_ROUTES);
    assertThat(told.differs()).singleElement().asString().contains("it has not acknowledged it");
    assertThat(told.newest().orElseThrow()).startsWith("it goes to orders.shop|80|v1");
  }

  @Test
  void aRouteInDoubtIsNamedWithWhatHoldsOtherwise() {
    RoutedProxy proxy =
        RoutedProxy.sidecar("web-1")
            .routes(
                "outbound",
                """
                virtual_hosts {
                  name: "orders" domains: "*"
                  routes {
                    name: "some" match { prefix: "/" runtime_fraction { default_value { numerator: 5 } } }
                    direct_response { status: 418 }
                  }
                  routes { name: "rest" match { prefix: "/" } route { cluster: "orders.shop|80|v1" } }
                }
                """);

    Explanation told = told(proxy, "http://orders.shop/");

    assertThat(told.outcome()).isEqualTo(Outcome.CANNOT_TELL);
    assertThat(told.summary())
        .contains("some (it takes 5% of the requests", "if not, it goes to orders.shop|80|v1");
  }

  @Test
  void proxiesOfOneServiceAgreeOrAreNamed() {
    RoutedProxy other = RoutedProxy.sidecar("web-3").cluster("orders.shop|80|v1");

    Explanation told =
        told(
            explain(List.of(), RoutedProxy.sidecar("web-1"), RoutedProxy.sidecar("web-2"), other),
            "http://orders.shop/",
            "web.shop");

    assertThat(told.agreeing()).isEqualTo(2);
    assertThat(told.others()).extracting(Other::proxy).containsExactly("web-3");
  }

  @Test
  void whoIsMeantMustBeClear() {
    RoutedProxy gateway =
        RoutedProxy.empty("edge-1", Role.GATEWAY)
            .listener("gateway|8080", 8080, TrafficDirection.INBOUND);
    Explain both = explain(List.of(), RoutedProxy.sidecar("web-1"), gateway);

    assertThatThrownBy(() -> told(both, "http://orders.shop/", ""))
        .hasMessage(
            "Several kinds of proxies are connected; name one with --from:"
                + " gateway front.shop (edge-1), sidecar web.shop (web-1)");
    assertThatThrownBy(() -> told(both, "http://orders.shop/", "nobody"))
        .hasMessageContaining("no proxy \"nobody\" is connected")
        .hasMessageContaining("sidecar web.shop (web-1)");
    assertThatThrownBy(() -> told(explain(List.of()), "http://orders.shop/", ""))
        .isInstanceOfSatisfying(
            UnusableRequestException.class,
            e -> assertThat(e.why()).isEqualTo(UnusableRequestException.Why.UNKNOWN))
        .hasMessageContaining("no proxy is connected");
    assertThat(told(both, "http://orders.shop/", "web").proxy()).isEqualTo("web-1");
    assertThat(told(both, "http://orders.shop:8080/", "edge-1").proxy()).isEqualTo("edge-1");
  }
}
