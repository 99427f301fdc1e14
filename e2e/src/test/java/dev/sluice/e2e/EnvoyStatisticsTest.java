package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.bootstrap.ProxyNode;
import dev.sluice.server.settings.HostPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How Prometheus comes to Envoys' statistics, as the files under {@code deploy/} have it. */
@NeedsEnvoy
@NeedsPrometheus
class EnvoyStatisticsTest {
  private static final Path FOLDER =
      EnvoyProcess.repository().resolve("deploy").resolve("prometheus");

  @TempDir private Path folder;

  @Test
  void prometheusReadsThemAtAListenerThatGivesNothingElse() throws Exception {
    try (TestMesh mesh = new TestMesh("statistics", Files.createDirectory(folder.resolve("a")))) {
      int admin = Ports.free();
      int port = Ports.free();
      String bootstrap =
          new EnvoyBootstrap(
                  new ProxyNode("statistics", group()),
                  new HostPort("127.0.0.1", mesh.server().xdsAddress().getPort()),
                  admin,
                  Variant.DELTA)
              .yaml();
      String listener =
          Files.readString(FOLDER.resolve("envoy-statistics.yaml"))
              .replace("port_value: 15090", "port_value: " + port)
              .replace("port_value: 9901", "port_value: " + admin);
      try (EnvoyProcess _ = EnvoyProcess.start("statistics", bootstrap, listener);
          PrometheusServer prometheus =
              PrometheusServer.start(
                  folder,
                  Ports.free(),
                  """
                global: {scrape_interval: 1s}
                scrape_configs:
                  - job_name: envoy
                    metrics_path: /stats/prometheus
                    static_configs: [{targets: ["127.0.0.1:%d"]}]
                """
                      .formatted(port))) {
        Awaitility.await()
            .untilAsserted(() -> assertThat(prometheus.query("envoy_server_live")).hasSize(1));
        TrafficClient client = TrafficClient.to(port, "any");
        for (String path : List.of("/", "/stats", "/config_dump", "/quitquitquit")) {
          assertThat(client.at(path).asking("POST").once().status()).as(path).isEqualTo(404);
        }
      }
    }
  }

  private static NodeGroup group() {
    return new NodeGroup(
        Role.SIDECAR,
        new ServiceId("front", "shop"),
        new TreeSet<>(),
        new TreeMap<>(),
        Locality.UNKNOWN,
        Ports.free(),
        List.of());
  }

  @Test
  void theScrapeConfigurationIsOne() throws Exception {
    assertThat(PrometheusBinaries.promtool(FOLDER, "check", "config", "envoys.yaml"))
        .contains("SUCCESS");
  }
}
