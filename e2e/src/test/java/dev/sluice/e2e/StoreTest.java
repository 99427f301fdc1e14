package dev.sluice.e2e;

import static org.awaitility.Awaitility.await;

import dev.sluice.server.bootstrap.EnvoyBootstrap;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotBuilder;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.server.snapshot.SnapshotStore;
import dev.sluice.server.xds.XdsServer;
import dev.sluice.server.xds.XdsServerSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server of resources that are put into its store by hand, as no documents give them. */
abstract class StoreTest {
  private final SnapshotStore store = new SnapshotStore();
  XdsServer server;
  Snapshot snapshot = Snapshot.EMPTY;

  @BeforeEach
  void start() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = new XdsServer(settings(XdsServerSettings.at(any)), store).start();
  }

  /** What the server is told. */
  XdsServerSettings settings(XdsServerSettings standard) {
    return standard;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  final void publish(Resource... resources) {
    SnapshotBuilder builder = new SnapshotBuilder(snapshot);
    for (Resource resource : resources) {
      builder.put(resource);
    }
    publish(builder.build());
  }

  /** Publishes to the group of the Envoy that is connected, once it is. */
  final void publish(SnapshotDiff diff) {
    await().atMost(Duration.ofSeconds(20)).until(() -> store.groups().size() == 1);
    snapshot = diff.after();
    store.publish("test", Instant.now(), Map.of(store.groups().iterator().next(), diff));
  }

  /**
   * A bootstrap of a sidecar of the service {@code front}.
   *
   * @param dynamicResources YAML in flow style, whose gRPC services name the cluster {@code sluice}
   */
  final String bootstrap(String id, String dynamicResources) {
    return """
    node: {id: %s, cluster: front.shop, metadata: {sluice: {role: sidecar}}}
    dynamic_resources: %s
    static_resources:
      clusters:
        - name: sluice
          type: STATIC
          connect_timeout: 1s
          typed_extension_protocol_options:
            envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
              "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
              explicit_http_config: {http2_protocol_options: {}}
          load_assignment:
            cluster_name: sluice
            endpoints:
              - lb_endpoints:
                  - endpoint:
                      address: {socket_address: {address: 127.0.0.1, port_value: %d}}
    """
        .formatted(id, dynamicResources.replace("\n", ""), server.port());
  }

  /** A running Envoy of that id that has clusters and listeners from one aggregated stream. */
  final EnvoyProcess envoy(String id, EnvoyBootstrap.Variant variant) {
    String ads =
        """
        {ads_config: {api_type: %s, transport_api_version: V3,
                      grpc_services: [{envoy_grpc: {cluster_name: sluice}}]},
         cds_config: {ads: {}, resource_api_version: V3},
         lds_config: {ads: {}, resource_api_version: V3}}
        """
            .formatted(variant == EnvoyBootstrap.Variant.DELTA ? "DELTA_GRPC" : "GRPC");
    return EnvoyProcess.start("store-" + id, bootstrap(id, ads));
  }

  /** A cluster that Envoy takes, but not with a timeout of {@code 0s}. */
  static Resource staticCluster(String name, String timeout) {
    return JsonResource.of(
        ResourceType.CLUSTER,
        name,
        """
        {"name": "%s", "type": "STATIC", "connectTimeout": "%s"}
        """
            .formatted(name, timeout));
  }

  /** Whether Envoy uses that cluster with this connect timeout in seconds. */
  static boolean has(EnvoyProcess envoy, String cluster, int seconds) {
    String dump = envoy.admin("/config_dump?resource=dynamic_active_clusters");
    String of = "\"name\":\"%s\"[^{}]*\"connect_timeout\":\"%ds\"".formatted(cluster, seconds);
    return Pattern.compile(of).matcher(dump.replaceAll("\\s", "")).find();
  }
}
