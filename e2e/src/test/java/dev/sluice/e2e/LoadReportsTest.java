package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.app.SluiceServer;
import dev.sluice.server.bootstrap.EnvoyBootstrap;
import dev.sluice.server.bootstrap.ProxyNode;
import dev.sluice.server.load.Load;
import dev.sluice.server.load.Requests;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.ServerSettings;
import io.envoyproxy.envoy.admin.v3.ClientResourceStatus;
import io.envoyproxy.envoy.service.status.v3.ClientConfig;
import io.envoyproxy.envoy.service.status.v3.ClientStatusDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the xDS port serves beside configuration: load reports and client statuses. */
@NeedsEnvoy
class LoadReportsTest {
  private static final Duration INTERVAL = Duration.ofMillis(200);
  private static final String REPORTING =
      """

      cluster_manager:
        load_stats_config:
          api_type: GRPC
          transport_api_version: V3
          grpc_services:
            - envoy_grpc: {cluster_name: sluice}
      """;

  @TempDir Path folder;

  private final int port = Ports.free();

  @Test
  void whatAnEnvoyCarriesIsCountedAndWhatItHoldsIsTold() throws Exception {
    try (TestBackend backend = TestBackend.start("v1", "a")) {
      Files.writeString(folder.resolve("orders.yaml"), Documents.orders(backend));
      HostPort any = new HostPort("127.0.0.1", 0);
      try (ControlPlane server =
              SluiceServer.start(
                  ServerSettings.of(List.of(folder), any, any).withLoadReportInterval(INTERVAL));
          EnvoyProcess envoy = EnvoyProcess.start("load", bootstrap(server) + REPORTING)) {
        envoy.awaitLive().awaitListener(port);
        // Envoy starts to count a cluster's requests with the first report after it has it.
        awaitReportAfter(Instant.now().plus(INTERVAL.multipliedBy(3)), server);

        TrafficClient.to(port, "orders.shop").send(250, 1);
        await().until(() -> carried(server).successful() == 250);
        assertThat(carried(server)).isEqualTo(new Requests(250, 250, 0, 0));
        assertThat(shown(server).path("successful").asLong()).isEqualTo(250);
        allIsTold(server);
      }
    }
  }

  private static void awaitReportAfter(Instant time, ControlPlane server) {
    await()
        .until(
            () ->
                load(server).proxies().stream()
                    .anyMatch(proxy -> proxy.reportedAt().filter(time::isBefore).isPresent()));
  }

  private static Load load(ControlPlane server) {
    return server.views().load().get();
  }

  /** All that the clusters of {@code orders} carried. */
  private static Requests carried(ControlPlane server) {
    return load(server).clusters().entrySet().stream()
        .filter(cluster -> cluster.getKey().cluster().contains("orders"))
        .flatMap(cluster -> cluster.getValue().localities().values().stream())
        .map(Load.LocalitySum::requests)
        .reduce(Requests.NONE, Requests::plus);
  }

  private static JsonNode shown(ControlPlane server) throws Exception {
    int admin = server.adminAddress().getPort();
    Answer answer = TrafficClient.to(admin, "localhost").at("/v1/load").once();
    JsonNode clusters = new ObjectMapper().readTree(answer.body()).path("clusters");
    return clusters.path(0).path("localities").path(0).path("requests");
  }

  private static void allIsTold(ControlPlane server) {
    ManagedChannel channel =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + server.xdsAddress().getPort(), InsecureChannelCredentials.create())
            .build();
    try {
      ClientConfig client =
          ClientStatusDiscoveryServiceGrpc.newBlockingStub(channel)
              .fetchClientStatus(ClientStatusRequest.getDefaultInstance())
              .getConfig(0);
      assertThat(client.getNode().getId()).isEqualTo("load");
      assertThat(client.getNode().getUserAgentName()).isEqualTo("envoy");
      assertThat(client.getNode().getExtensionsList()).isEmpty();
      assertThat(client.getGenericXdsConfigsList())
          .hasSizeGreaterThan(3)
          .allSatisfy(
              config -> {
                assertThat(config.getConfigStatus()).isEqualTo(ConfigStatus.SYNCED);
                assertThat(config.getClientStatus()).isEqualTo(ClientResourceStatus.ACKED);
                assertThat(config.getXdsConfig().getTypeUrl()).isEqualTo(config.getTypeUrl());
              });
    } finally {
      channel.shutdownNow();
    }
  }

  private String bootstrap(ControlPlane server) {
    TreeMap<String, String> labels = new TreeMap<>();
    labels.put("app", "front");
    NodeGroup group =
        new NodeGroup(
            Role.SIDECAR,
            new ServiceId("front", "shop"),
            new TreeSet<>(),
            labels,
            Locality.UNKNOWN,
            port,
            List.of());
    return new EnvoyBootstrap(
            new ProxyNode("load", group),
            new HostPort("127.0.0.1", server.xdsAddress().getPort()),
            0,
            EnvoyBootstrap.Variant.DELTA)
        .yaml();
  }
}
