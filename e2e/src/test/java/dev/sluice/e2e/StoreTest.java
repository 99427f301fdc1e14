package dev.sluice.e2e;

import static org.awaitility.Awaitility.await;

import dev.sluice.server.snapshot.Resource;
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
    server = new XdsServer(XdsServerSettings.at(any), store).start();
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
}
