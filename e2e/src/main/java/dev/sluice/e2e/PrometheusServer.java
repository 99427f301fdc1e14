package dev.sluice.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real Prometheus, which scrapes one server every second. */
final class PrometheusServer implements AutoCloseable {
  private final int port;
  private final PeerProcess process;

  private PrometheusServer(int port, PeerProcess process) {
    this.port = port;
    this.process = process;
  }

  /**
   * Starts one, and waits until it has scraped.
   *
   * @param folder for its configuration, data and log
   * @param target of the job sluice, {@code host:port}
   * @param rules a file of rules
   */
  static PrometheusServer start(Path folder, String target, Path rules) throws IOException {
    return start(
        folder,
        Ports.free(),
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: ["%s"]
        scrape_configs:
          - job_name: sluice
            static_configs: [{targets: ["%s"]}]
        """
            .formatted(rules.toAbsolutePath(), target));
  }

  /**
   * Starts one with this configuration, and waits until it has scraped.
   *
   * @param folder for its configuration, data and log; what an earlier one left there is gone on
   *     with
   */
  static PrometheusServer start(Path folder, int port, String configuration) throws IOException {
    Files.writeString(folder.resolve("prometheus.yaml"), configuration);
    PeerProcess process =
        PeerProcess.start(
            "Prometheus",
            List.of(
                PrometheusBinaries.find().orElseThrow().resolve("prometheus").toString(),
                "--config.file=" + folder.resolve("prometheus.yaml"),
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port),
            folder.resolve("prometheus.log"));
    PrometheusServer server = new PrometheusServer(port, process);
    process.awaitTrue("scraping", () -> server.isScraping());
    return server;
  }

  private boolean isScraping() {
    Answer answer = TrafficClient.to(port, "127.0.0.1").at("/api/v1/query?query=up").once();
    return answer.ok() && answer.body().contains("\"1\"]");
  }

  /** What a query gives now: a list of series, each with a value. */
  JsonNode query(String expression) throws IOException {
    return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
        .path("data")
        .path("result");
  }

  /** What the API answers at a path. */
  JsonNode get(String path) throws IOException {
    Answer answer = TrafficClient.to(port, "127.0.0.1").at(path).once();
    JsonNode json = new ObjectMapper().readTree(answer.body());
    if (!json.path("status").asText().equals("success")) {
      throw new AssertionError(path + ": " + answer.body());
    }
    return json;
  }

  String address() {
    return "http://127.0.0.1:" + port;
  }

  /** Sends a signal, such as {@code STOP}. */
  void signal(String signal) {
    process.signal(signal);
  }

  @Override
  public void close() {
    process.kill();
  }
}
