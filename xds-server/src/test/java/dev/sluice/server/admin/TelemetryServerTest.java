package dev.sluice.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.server.settings.HostPort;
import dev.sluice.source.SourceStatus;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetryServerTest {
  private final FakeViews views = new FakeViews();
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HttpClient client = HttpClient.newHttpClient();
  private TelemetryServer server;

  @BeforeEach
  void startWhereOtherMachinesConnect() throws IOException {
    server = TelemetryServer.start(new HostPort("0.0.0.0", 0), views.views(), metrics);
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void itTellsLifeReadinessAndMetrics() throws Exception {
    metrics.counter("sluice.test.turns").increment();

    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    assertThat(get("/metrics").body()).contains("sluice_test_turns_total 1.0");
  }

  @Test
  void itIsNotReadyBeforeTheSourcesAre() throws Exception {
    views.sources =
        List.of(
            new SourceStatus(
                FakeViews.FILES, SourceStatus.State.STARTING, FakeViews.NOON, null, List.of()));

    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/v1/version",
        "/v1/proxies",
        "/v1/services",
        "/v1/problems",
        "/v1/load",
        "/metrics/../v1/proxies"
      })
  void itServesNothingElse(String path) throws Exception {
    assertThat(get(path).statusCode()).isBetween(400, 404);
    assertThat(get(path).body()).doesNotContain("proxies\" :").doesNotContain("version\" :");
  }

  @Test
  void anAddressInUseIsNamed() {
    HostPort taken = new HostPort("0.0.0.0", server.address().getPort());

    assertThatThrownBy(() -> TelemetryServer.start(taken, views.views(), metrics))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("telemetry cannot listen on " + taken);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
