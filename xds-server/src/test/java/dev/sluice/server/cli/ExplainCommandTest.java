package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import dev.sluice.server.explain.RoutedProxy;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ExplainCommandTest {
  @RegisterExtension private final FakeAdmin admin = new FakeAdmin();

  private Sluice.Answer explain(String... arguments) {
    List<String> all = new ArrayList<>(List.of("explain"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--server", admin.url()));
    return Sluice.run(all.toArray(String[]::new));
  }

  private void connect(RoutedProxy... proxies) {
    admin.views.proxies = () -> Stream.of(proxies).map(RoutedProxy::status).toList();
  }

  @Test
  void theWayOfARequestIsTold() {
    connect(RoutedProxy.sidecar("web-1"), RoutedProxy.sidecar("web-2"));

    Sluice.Answer answer = explain("http://orders.shop/api");

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out())
        .isEqualToNormalizingNewlines(
            """
            GET http://orders.shop/api
            it goes to orders.shop|80|v1 or orders.shop|80|v2 by route orders.shop/split

            proxy       web-1
                        sidecar of web.shop; 2 of its kind do the same
            listener    outbound
                        because it takes the calls of its applications
            host        orders.shop|80
                        because the request's host is its domain orders.shop
                        from TrafficPolicy shop/orders (orders.yaml:1:1)
            passed over orders.shop/testers: header x-canary is missing
            route       orders.shop/split
                        because it takes every path
                        from TrafficPolicy shop/orders (orders.yaml:1:1)
            versions    v1 90%, v2 10%
            cluster     orders.shop|80|v1  90%
                        ADDRESS        HEALTH   VERSION  WEIGHT  PRIORITY  ZONE  SOURCE
                        10.0.0.1:8080  HEALTHY  v1       1       0         -     -
            cluster     orders.shop|80|v2  10%
                        it has no instance

            SETTING           VALUE  FROM
            timeouts.request  4s     default
            retry.attempts    2      default

            note        10% of the requests are answered 503: it has no instance (orders.shop|80|v2)
            """);
  }

  @Test
  void wideHasAllSettings() {
    connect(RoutedProxy.sidecar("web-1"));

    assertThat(explain("http://orders.shop/api", "-o", "wide").out())
        .containsPattern("retry.retryOn +connect-failure, 503 +default")
        .containsPattern("circuitBreaker.maxRequests \\(v2\\) +10 +default");
  }

  @Test
  void headersAndTheMethodAreTakenAsWritten() {
    connect(RoutedProxy.sidecar("web-1"));

    Sluice.Answer answer =
        explain(
            "POST",
            "http://10.0.0.9/a?b=c d".replace(" ", "%20"),
            "-H",
            "host: orders.shop",
            "-H",
            "x-canary: true",
            "-o",
            "json");

    assertThat(answer.exitCode()).as(answer.err()).isEqualTo(1);
    assertThat(answer.out())
        .contains(
            "\"outcome\" : \"NO_INSTANCE\"",
            "\"status\" : 503",
            "\"method\" : \"POST\"",
            "\"authority\" : \"orders.shop\"",
            "\"path\" : \"/a?b=c%20d\"",
            "\"name\" : \"orders.shop/testers\"");
  }

  @Test
  void whereNoRouteMatchesAllAreToldWithTheirReasons() {
    StringBuilder routes = new StringBuilder("virtual_hosts { name: 'orders' domains: '*' ");
    for (int i = 0; i < 9; i++) {
      routes.append(
          "routes { name: 'r%d' match { path: '/%d' } route { cluster: 'a' } } ".formatted(i, i));
    }
    connect(RoutedProxy.sidecar("web-1").routes("outbound", routes + "}"));

    Sluice.Answer answer = explain("http://orders.shop/api");

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.out())
        .contains("the proxy answers 404: no route of orders matches")
        .contains("r8: the path is not \"/8\" (it is \"/api\")");
  }

  @Test
  void whereAProxyIsBehindItIsSaid() {
    connect(RoutedProxy.sidecar("web-1").uses(ResourceType.ROUTE, "outbound", ""));

    assertThat(explain("http://orders.shop/api").out())
        .contains("the proxy has not acknowledged the routes of its listener")
        .containsPattern("differs +routes outbound: it has not acknowledged it")
        .containsPattern("newest +it goes to orders.shop");
  }

  @Test
  void badInputIsOneMessageWithTheCandidates() {
    connect(
        RoutedProxy.sidecar("web-1"),
        RoutedProxy.empty("edge-1", Role.GATEWAY)
            .listener("gateway|80", 80, TrafficDirection.INBOUND));

    Sluice.Answer several = explain("http://orders.shop/");
    Sluice.Answer nobody = explain("http://orders.shop/", "--from", "nobody");
    Sluice.Answer swapped = explain("http://orders.shop/", "GET");

    assertThat(several.exitCode()).isEqualTo(2);
    assertThat(several.err())
        .contains("name one with --from: gateway front.shop (edge-1), sidecar web.shop (web-1)");
    assertThat(nobody.exitCode()).isEqualTo(2);
    assertThat(nobody.err()).contains("no proxy \"nobody\" is connected", "web-1");
    assertThat(swapped.exitCode()).isEqualTo(2);
    assertThat(swapped.err()).contains("write the method first: sluice explain GET http://");
    assertThat(explain("http:///x").err()).contains("has no host");
    connect();
    assertThat(explain("http://orders.shop/").exitCode()).isEqualTo(1);
    assertThat(explain("http://orders.shop/").err()).contains("no proxy is connected");
    assertThat(explain("http://a/", "-H", "x").err()).contains("has no colon");
  }
}
