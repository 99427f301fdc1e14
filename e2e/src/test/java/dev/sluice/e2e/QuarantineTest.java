package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.bootstrap.EnvoyBootstrap;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.xds.Quarantined;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a real Envoy refuses. Documents cannot give such resources, or it would be a mistake of
 * ours, so they are put into the store by hand.
 */
@NeedsEnvoy
class QuarantineTest extends StoreTest {
  private static final String REFUSED = "(cluster_manager\\.cds|.*\\.rds\\..*)\\.update_rejected";

  @ParameterizedTest
  @EnumSource
  void aClusterThatEnvoyRefusesHarmsNobodyElse(EnvoyBootstrap.Variant variant) {
    try (EnvoyProcess first = envoy("first-" + variant, variant)) {
      first.expectComplaint("update_rejected|config for .* rejected");
      publish(staticCluster("orders", "1s"), staticCluster("users", "1s"));
      first.awaitTrue("its clusters", () -> has(first, "orders", 1) && has(first, "users", 1));

      publish(staticCluster("orders", "0s"), staticCluster("users", "2s"));

      await().until(() -> server.quarantined().size() == 1);
      Quarantined quarantined = server.quarantined().getFirst();
      assertThat(quarantined.name()).isEqualTo("orders");
      assertThat(quarantined.message()).contains("ConnectTimeout");
      first.awaitTrue("the other change", () -> has(first, "users", 2) && has(first, "orders", 1));
      try (EnvoyProcess second = envoy("second-" + variant, variant)) {
        second.awaitTrue(
            "the last good", () -> has(second, "users", 2) && has(second, "orders", 1));
        publish(staticCluster("users", "3s"));
        first.awaitTrue("what comes later", () -> has(first, "users", 3));
        second.awaitTrue("what comes later", () -> has(second, "users", 3));

        publish(staticCluster("orders", "4s"));
        first.awaitTrue("what is mended", () -> has(first, "orders", 4));
        second.awaitTrue("what is mended", () -> has(second, "orders", 4));
      }
      assertThat(server.quarantined()).isEmpty();
      assertThat(first.stats(REFUSED).values().stream().mapToLong(Long::longValue).sum())
          .as("refusals: one, and no loop")
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneVirtualHostThatEnvoyRefusesLeavesTheOthers(EnvoyBootstrap.Variant variant) {
    int port = Ports.free();
    try (TestBackend one = TestBackend.start("v1", "one");
        TestBackend two = TestBackend.start("v2", "two");
        EnvoyProcess envoy = envoy("hosts-" + variant, variant)) {
      envoy.expectComplaint("update_rejected|config for .* rejected");
      publish(
          at("one", one),
          at("two", two),
          listener(port),
          routes("\"prefix\": \"/\"", "one", "one"));
      envoy.awaitListener(port);
      await().until(() -> calls(port, "orders.shop").equals("v1"));
      assertThat(calls(port, "users.shop")).isEqualTo("v1");

      publish(routes("\"safeRegex\": {\"regex\": \"(\"}", "two", "two"));

      await().until(() -> calls(port, "users.shop").equals("v2"));
      assertThat(calls(port, "orders.shop")).as("the last good").isEqualTo("v1");
      await().until(() -> server.quarantined().size() == 1);
      assertThat(server.quarantined().getFirst().virtualHost()).isEqualTo(Optional.of("orders"));

      publish(routes("\"prefix\": \"/\"", "two", "two"));
      await().until(() -> calls(port, "orders.shop").equals("v2"));
      assertThat(server.quarantined()).isEmpty();
    }
  }

  private static String calls(int port, String host) {
    return String.join(" ", TrafficClient.to(port, host).send(10, 1).versions().keySet());
  }

  private static Resource at(String name, TestBackend backend) {
    return JsonResource.of(
        ResourceType.CLUSTER,
        name,
        """
        {"name": "%s", "type": "STATIC", "connectTimeout": "1s",
         "loadAssignment": {"clusterName": "%s", "endpoints": [{"lbEndpoints": [{"endpoint":
           {"address": {"socketAddress": {"address": "127.0.0.1", "portValue": %d}}}}]}]}}
        """
            .formatted(name, name, backend.port()));
  }

  private static Resource listener(int port) {
    return JsonResource.of(
        ResourceType.LISTENER,
        "main",
        """
        {"name": "main",
         "address": {"socketAddress": {"address": "127.0.0.1", "portValue": %d}},
         "filterChains": [{"filters": [{
           "name": "envoy.filters.network.http_connection_manager",
           "typedConfig": {
             "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
             "statPrefix": "main",
             "rds": {"routeConfigName": "main",
                     "configSource": {"ads": {}, "resourceApiVersion": "V3"}},
             "httpFilters": [{"name": "envoy.filters.http.router", "typedConfig": {
               "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]}}]}]}
        """
            .formatted(port));
  }

  /** Two teams' virtual hosts; {@code match} is that of the first. */
  private static Resource routes(String match, String orders, String users) {
    return JsonResource.of(
        ResourceType.ROUTE,
        "main",
        """
        {"name": "main", "virtualHosts": [
          {"name": "orders", "domains": ["orders.shop"],
           "routes": [{"match": {%s}, "route": {"cluster": "%s"}}]},
          {"name": "users", "domains": ["users.shop"],
           "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "%s"}}]}]}
        """
            .formatted(match, orders, users),
        new Provenance(
            List.of(),
            List.of(),
            Map.of("orders", List.of("TrafficPolicy shop/orders"), "users", List.of())));
  }
}
