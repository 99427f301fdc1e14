package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.Snapshot;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is served in the place of what was refused. */
class SuspectTest {
  private static final Resource BEFORE =
      routes(host("orders", "old", "orders.shop", "api.shop"), host("users", "u", "users.shop"));

  @Test
  void aHostThatIsPutBackGivesUpTheDomainsThatAnotherOneHasByNow() {
    Resource refused =
        routes(host("orders", "new", "orders.shop"), host("users", "u", "users.shop", "api.shop"));

    Suspect orders = Suspect.of(refused, Optional.of(BEFORE), "host orders: no").getFirst();

    assertThat(orders.without(refused))
        .contains(
            routes(
                host("orders", "old", "orders.shop"),
                host("users", "u", "users.shop", "api.shop")));
  }

  @Test
  void aHostThatIsPutBackAndHasNoDomainLeftIsLeftOut() {
    Resource refused =
        routes(
            host("orders", "new", "new.shop"),
            host("users", "u", "users.shop", "orders.shop", "api.shop"));

    Suspect orders = Suspect.of(refused, Optional.of(BEFORE), "host orders: no").getFirst();

    assertThat(orders.without(refused))
        .contains(routes(host("users", "u", "users.shop", "orders.shop", "api.shop")));
  }

  @Test
  void whatStandsForItLivesAsLong() {
    Resource refused =
        routes(host("orders", "new", "orders.shop", "api.shop"), host("users", "u", "users.shop"))
            .withTtl(Duration.ofSeconds(7));

    Suspect orders = Suspect.of(refused, Optional.of(BEFORE), "").getFirst();

    assertThat(orders.without(refused).orElseThrow().ttl()).contains(Duration.ofSeconds(7));
    assertThat(orders.without(refused).orElseThrow().message()).isEqualTo(BEFORE.message());
  }

  @Test
  void aHostThatNamesARefusedClusterGivesUpDomainsToo() {
    Resource refused =
        routes(host("orders", "bad", "orders.shop"), host("users", "u", "users.shop", "api.shop"));

    Optional<Resource> instead = Routes.without(refused, "bad", Snapshot.of(List.of(BEFORE)));

    assertThat(instead)
        .contains(
            routes(
                host("orders", "old", "orders.shop"),
                host("users", "u", "users.shop", "api.shop")));
  }

  private static Resource routes(VirtualHost... hosts) {
    RouteConfiguration routes =
        RouteConfiguration.newBuilder()
            .setName("public")
            .addAllVirtualHosts(List.of(hosts))
            .build();
    return Resource.of(ROUTE, "public", routes, Provenance.NONE);
  }

  private static VirtualHost host(String name, String cluster, String... domains) {
    Route.Builder route = Route.newBuilder();
    route.getRouteBuilder().setCluster(cluster);
    return VirtualHost.newBuilder()
        .setName(name)
        .addAllDomains(List.of(domains))
        .addRoutes(route)
        .build();
  }
}
