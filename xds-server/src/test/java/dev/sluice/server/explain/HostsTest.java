package dev.sluice.server.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostsTest {
  private static RouteConfiguration routes(boolean ignorePorts, String... domains) {
    RouteConfiguration.Builder routes =
        RouteConfiguration.newBuilder().setIgnorePortInHostMatching(ignorePorts);
    for (String domain : domains) {
      routes.addVirtualHosts(
          VirtualHost.newBuilder().setName("of " + domain).addAllDomains(List.of(domain)));
    }
    return routes.build();
  }

  private static String found(RouteConfiguration routes, String authority) {
    return Hosts.find(routes, authority).map(Hosts.Found::domain).orElse("none");
  }

  @ParameterizedTest
  @CsvSource({
    "orders.shop, orders.shop",
    "ORDERS.Shop, orders.shop",
    "a.example.com, *.example.com",
    "x-api.example.com, *-api.example.com",
    "b.a.example.com, *.a.example.com",
    "example.com, *",
    ".example.com, *",
    "www.example.de, www.example.*",
    "www.example.com, *.example.com",
    "www.example, *",
    "orders.shop:80, *",
    "nobody, *"
  })
  void theExactDomainThenTheLongestSuffixThenTheLongestPrefixThenTheStar(
      String authority, String domain) {
    RouteConfiguration routes =
        routes(
            false,
            "*",
            "www.*",
            "www.example.*",
            "*.example.com",
            "*.a.example.com",
            "*-api.example.com",
            "orders.shop");

    // "www.*" is shorter than "www.example.*", and stands before it.
    assertThat(found(routes, authority))
        .isEqualTo(authority.equals("www.example") ? "www.*" : domain);
  }

  @Test
  void aPortCountsUnlessItIsToBeIgnored() {
    assertThat(found(routes(false, "orders.shop", "orders.shop:80"), "orders.shop:80"))
        .isEqualTo("orders.shop:80");
    assertThat(found(routes(false, "orders.shop"), "orders.shop:80")).isEqualTo("none");
    assertThat(found(routes(true, "orders.shop"), "orders.shop:80")).isEqualTo("orders.shop");
    assertThat(found(routes(true, "[::1]"), "[::1]:80")).isEqualTo("[::1]");
    assertThat(found(routes(true, "[::1]"), "[::1]")).isEqualTo("[::1]");
  }

  @Test
  void noHostIsFoundForARequestThatNamesNone() {
    assertThat(found(routes(false, "*"), "")).isEqualTo("none");
  }
}
