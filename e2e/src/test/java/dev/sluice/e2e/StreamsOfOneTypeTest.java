package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.SnapshotBuilder;
import dev.sluice.server.xds.NodeStatus;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An Envoy that asks for each type on a stream of its own. Its resources name where it gets the
 * next ones, so they are written here and not translated from documents.
 */
@NeedsEnvoy
class StreamsOfOneTypeTest extends StoreTest {
  private static final String DELTA = "DELTA_GRPC";

  private final int port = Ports.free();

  @ParameterizedTest
  @ValueSource(strings = {"GRPC", DELTA})
  void carriesTrafficAndFollowsEveryType(String api) throws Exception {
    try (TestBackend one = TestBackend.start("v1", "one");
        TestBackend two = TestBackend.start("v2", "two");
        EnvoyProcess envoy = EnvoyProcess.start("one-type-" + api, bootstrap(api))) {
      publish(
          cluster("orders", api), assignment("orders", one), listener(api, ""), routes("orders"));
      envoy.awaitLive().awaitListener(port);
      assertThat(client().send(100).versions()).containsOnlyKeys("v1");

      publish(assignment("orders", two));
      awaitOnly("v2");
      publish(cluster("other", api), assignment("other", one));
      await().until(() -> envoy.stat("cluster\\.other\\.membership_total") == 1);
      publish(routes("other"));
      awaitOnly("v1");
      publish(
          new SnapshotBuilder(snapshot)
              .remove(ResourceType.CLUSTER, "orders")
              .remove(ResourceType.ENDPOINT, "orders")
              .build());
      await().until(() -> envoy.stat("cluster_manager\\.active_clusters") == 2);
      assertThat(client().send(100).versions()).containsOnlyKeys("v1");

      await().until(() -> server.proxies().size() == 1);
      assertThat(server.proxies().getFirst().types())
          .containsOnlyKeys(
              ResourceType.CLUSTER,
              ResourceType.ENDPOINT,
              ResourceType.LISTENER,
              ResourceType.ROUTE)
          .allSatisfy(
              (type, status) ->
                  assertThat(status.sync()).as("%s", type).isEqualTo(NodeStatus.Sync.SYNCED));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GRPC", DELTA})
  void whatHasATimeToLiveStaysForAsLongAsTheServerSaysSo(String api) throws Exception {
    Duration second = Duration.ofSeconds(1);
    try (TestBackend one = TestBackend.start("v1", "one");
        EnvoyProcess envoy = EnvoyProcess.start("mortal-" + api, bootstrap(api))) {
      publish(
          cluster("orders", api).withTtl(second),
          assignment("orders", one),
          listener(api, "").withTtl(second),
          routes("orders").withTtl(second));
      envoy.awaitLive().awaitListener(port);
      long start = System.nanoTime();
      await()
          .pollInterval(Duration.ofMillis(100))
          .until(
              () -> {
                assertThat(client().send(10).versions()).containsOnlyKeys("v1");
                return System.nanoTime() - start > second.multipliedBy(4).toNanos();
              });
      assertThat(envoy.stat("listener_manager\\.listener_removed")).isZero();

      server.close();
      await().until(() -> envoy.stat("listener_manager\\.listener_removed") == 1);
    }
  }

  @Test
  void virtualHostsComeWhenARequestAsksForThem() throws Exception {
    try (TestBackend one = TestBackend.start("v1", "one");
        EnvoyProcess envoy = EnvoyProcess.start("on-demand", bootstrap(DELTA))) {
      publish(
          cluster("orders", DELTA),
          assignment("orders", one),
          listener(
              DELTA,
              """
              {"name": "on-demand",
               "typedConfig": {"@type":
                 "type.googleapis.com/envoy.extensions.filters.http.on_demand.v3.OnDemand"}},
              """),
          JsonResource.of(
              ResourceType.ROUTE,
              "table",
              """
              {"name": "table", "vhds": {"configSource": %s}}
              """
                  .formatted(source(DELTA))),
          JsonResource.of(
              ResourceType.VIRTUAL_HOST,
              "table/orders.shop",
              """
              {"name": "table/orders.shop", "domains": ["orders.shop"],
               "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "orders"}}]}
              """));
      envoy.awaitLive().awaitListener(port);

      assertThat(client().send(10).versions()).containsOnlyKeys("v1");
      assertThat(TrafficClient.to(port, "nobody.shop").once().status()).isEqualTo(404);
      NodeStatus.TypeStatus hosts =
          Objects.requireNonNull(
              server.proxies().getFirst().types().get(ResourceType.VIRTUAL_HOST));
      assertThat(hosts.resources()).containsOnlyKeys("table/orders.shop");
    }
  }

  private TrafficClient client() {
    return TrafficClient.to(port, "orders.shop");
  }

  private void awaitOnly(String version) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> client().send(20).versions().keySet().equals(Set.of(version)));
  }

  private static Resource cluster(String name, String api) {
    return JsonResource.of(
        ResourceType.CLUSTER,
        name,
        """
        {"name": "%s", "type": "EDS", "connectTimeout": "1s", "edsClusterConfig": {"edsConfig": %s}}
        """
            .formatted(name, source(api)));
  }

  private static Resource assignment(String name, TestBackend backend) {
    return JsonResource.of(
        ResourceType.ENDPOINT,
        name,
        """
        {"clusterName": "%s", "endpoints": [{"lbEndpoints": [{"endpoint": {"address":
          {"socketAddress": {"address": "127.0.0.1", "portValue": %d}}}}]}]}
        """
            .formatted(name, backend.port()));
  }

  private static Resource routes(String cluster) {
    return JsonResource.of(
        ResourceType.ROUTE,
        "table",
        """
        {"name": "table", "virtualHosts": [{"name": "all", "domains": ["*"],
          "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "%s"}}]}]}
        """
            .formatted(cluster));
  }

  private Resource listener(String api, String filters) {
    return JsonResource.of(
        ResourceType.LISTENER,
        "outbound",
        """
        {"name": "outbound",
         "address": {"socketAddress": {"address": "127.0.0.1", "portValue": %d}},
         "filterChains": [{"filters": [{"name": "http", "typedConfig": {
           "@type": "type.googleapis.com/%s",
           "statPrefix": "outbound",
           "rds": {"routeConfigName": "table", "configSource": %s},
           "httpFilters": [%s {"name": "router", "typedConfig": {"@type":
             "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]}}]}]}
        """
            .formatted(
                port, HttpConnectionManager.getDescriptor().getFullName(), source(api), filters));
  }

  /** A configuration source with a stream of its own, YAML and JSON. */
  private static String source(String api) {
    return """
    {"resource_api_version": "V3", "api_config_source": {"api_type": "%s",
     "transport_api_version": "V3", "set_node_on_first_message_only": true,
     "grpc_services": [{"envoy_grpc": {"cluster_name": "sluice"}}]}}"""
        .formatted(api);
  }

  private String bootstrap(String api) {
    String source = source(api);
    return bootstrap("one-type", "{cds_config: %s, lds_config: %s}".formatted(source, source));
  }
}
