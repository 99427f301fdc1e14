package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.bootstrap.ServerTrust;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.WebhookSettings;
import dev.sluice.server.transport.TlsFiles;
import dev.sluice.server.transport.TransportSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every query of the dashboard, by a real Prometheus that scrapes a real server with a real Envoy:
 * changes come, and one is refused.
 */
@NeedsEnvoy
@NeedsPrometheus
class DashboardTest {
  private static final Path DEPLOY = EnvoyProcess.repository().resolve("deploy");

  @TempDir Path folder;
  private final AtomicInteger edit = new AtomicInteger();

  /** A query of a panel, its variables filled in as Grafana would. */
  record Query(String panel, String expression) {}

  private static List<Query> queries() throws IOException {
    List<Query> queries = new ArrayList<>();
    JsonNode dashboard =
        new ObjectMapper().readTree(DEPLOY.resolve("grafana").resolve("sluice.json").toFile());
    for (JsonNode panel : dashboard.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        queries.add(
            new Query(
                panel.path("title").asText(),
                target
                    .path("expr")
                    .asText()
                    .replace("$__rate_interval", "1m")
                    .replace("$job", "sluice")
                    .replace("$instance", ".*")));
      }
    }
    return queries;
  }

  @Test
  void everyQueryHasAnAnswer() throws Exception {
    assertThat(queries()).hasSizeGreaterThan(40).allMatch(one -> !one.expression().contains("$"));
    CertificateAuthority authority = CertificateAuthority.create(folder, "ca");
    CertificateAuthority.Issued tls = authority.issue("server", "dns:localhost,ip:127.0.0.1");
    Path documents = Files.createDirectory(folder.resolve("documents"));
    Path data = Files.createDirectory(folder.resolve("prometheus"));
    try (TestMesh mesh = new TestMesh("dashboard", documents)) {
      TlsFiles files = new TlsFiles(tls.cert(), tls.key(), null);
      mesh.change(
          settings ->
              settings.withWebhook(new WebhookSettings(new HostPort("127.0.0.1", 0), files)));
      mesh.secure(
          TransportSettings.DEFAULT.withTls(files),
          new ServerTrust(authority.root().toString(), null, null));
      mesh.saveOrders(mesh.backend("v1", "a"));
      change(mesh);
      EnvoyProcess envoy = mesh.start(Role.SIDECAR, Variant.DELTA);
      envoy.expectComplaint("rejected|Error adding/updating|invalid");
      String target = "127.0.0.1:" + mesh.server().adminAddress().getPort();
      try (PrometheusServer prometheus =
          PrometheusServer.start(
              data, target, DEPLOY.resolve("prometheus").resolve("rules.yaml"))) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofSeconds(1))
            .untilAsserted(
                () -> {
                  change(mesh); // A quantile is of what came within the minute.
                  assertThat(unanswered(prometheus)).isEmpty();
                });

        mesh.savePolicy("envoy: {clusters: [{patch: {transport_socket: {name: no.such.socket}}}]}");

        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(
                () -> {
                  assertThat(value(prometheus, "sum(sluice_xds_quarantined)")).isEqualTo(1);
                  assertThat(value(prometheus, "sum(sluice_xds_nacks_total)")).isPositive();
                  assertThat(prometheus.query("ALERTS{alertname=\"SluiceQuarantine\"}").toString())
                      .contains("pending");
                  assertThat(
                          prometheus.query("ALERTS{alertname=\"SluiceProxiesRefuse\"}").toString())
                      .contains("firing");
                });
        assertThat(unanswered(prometheus)).isEmpty();
        assertThat(value(prometheus, "sum(sluice_xds_proxies)")).isEqualTo(1);
        for (JsonNode rule : prometheus.get("/api/v1/rules").at("/data/groups/0/rules")) {
          assertThat(rule.path("health").asText()).as("%s", rule).isEqualTo("ok");
        }
      }
    }
  }

  private void change(TestMesh mesh) {
    mesh.savePolicy("timeouts: {request: %ds}".formatted(10 + edit.incrementAndGet() % 10));
  }

  /** The queries that give nothing, or no number. */
  private static List<Query> unanswered(PrometheusServer prometheus) throws IOException {
    List<Query> unanswered = new ArrayList<>();
    for (Query query : queries()) {
      boolean number = false;
      for (JsonNode series : prometheus.query(query.expression())) {
        number |= !series.at("/value/1").asText().equals("NaN");
      }
      if (!number) {
        unanswered.add(query);
      }
    }
    return unanswered;
  }

  private static double value(PrometheusServer prometheus, String expression) throws IOException {
    return prometheus.query(expression).at("/0/value/1").asDouble();
  }
}
