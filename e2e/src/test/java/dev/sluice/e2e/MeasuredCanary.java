package dev.sluice.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.node.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * A service of two versions behind a sidecar and a gateway under traffic, and a real Prometheus
 * that scrapes both Envoys every second.
 */
final class MeasuredCanary implements AutoCloseable {
  private static final String VERSIONS =
      """
      versions:
        - {name: v1, labels: {version: v1}}
        - {name: v2, labels: {version: v2}}
      """;
  private final TestMesh mesh;
  private final TestBackend newVersion;
  private final Path data;
  private final int port = Ports.free();
  private final String envoys;
  private final List<ContinuousTraffic> traffic = new ArrayList<>();
  private PrometheusServer prometheus;

  MeasuredCanary(String name, Path folder) throws IOException {
    mesh = new TestMesh(name, Files.createDirectory(folder.resolve("documents")));
    data = Files.createDirectory(folder.resolve("prometheus"));
    newVersion = mesh.backend("v2", "b");
    mesh.saveOrders(mesh.backend("v1", "a"), newVersion);
    mesh.savePolicy(VERSIONS + "split: {weights: {v1: 1, v2: 0}}\n");
    EnvoyProcess sidecar = mesh.start(Role.SIDECAR);
    EnvoyProcess gateway = mesh.start(Role.GATEWAY);
    envoys = scraping("\"%s\", \"%s\"".formatted(sidecar.adminAddress(), gateway.adminAddress()));
    prometheus = PrometheusServer.start(data, port, envoys);
    for (Role role : List.of(Role.SIDECAR, Role.GATEWAY)) {
      traffic.add(mesh.client(role).keepSending(4, Duration.ofMillis(10)));
    }
    traffic.forEach(one -> one.await(50));
  }

  /** The file under {@code deploy/}, of which Prometheus scrapes more often than it says. */
  private static String scraping(String targets) throws IOException {
    return Files.readString(
            EnvoyProcess.repository()
                .resolve("deploy")
                .resolve("prometheus")
                .resolve("envoys.yaml"))
        .replace("15s", "1s")
        .replace("\"127.0.0.1:15090\"", targets);
  }

  TestBackend newVersion() {
    return newVersion;
  }

  TestBackend backend(String instance) {
    return mesh.backend("", instance);
  }

  String prometheus() {
    return prometheus.address();
  }

  void signalPrometheus(String signal) {
    prometheus.signal(signal);
  }

  void stopPrometheus() {
    prometheus.close();
  }

  /** Starts it again, with all that it has stored. */
  void startPrometheus() throws IOException {
    prometheus = PrometheusServer.start(data, port, envoys);
  }

  /** Starts it again with nothing stored, and without the Envoys. */
  void startEmptyPrometheus() throws IOException {
    Path empty = Files.createDirectories(data.resolve("empty"));
    prometheus =
        PrometheusServer.start(
            empty,
            port,
            """
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: prometheus
                static_configs: [{targets: ["127.0.0.1:%d"]}]
            """
                .formatted(port));
  }

  /** Begins a canary from v1 to v2. */
  void begin(String steps, String analysis) {
    begin("", steps, analysis);
  }

  /** The same with further sections of the policy. */
  void begin(String sections, String steps, String analysis) {
    mesh.savePolicy(
        VERSIONS
            + sections
            + "rollout: {canary: {from: v1, to: v2, steps: [%s], analysis: {%s}}}\n"
                .formatted(steps, analysis));
  }

  /** How the rollout stands. */
  JsonNode standing() {
    return mesh.rollout();
  }

  /** Waits, for a minute at most, until it stands so. */
  JsonNode await(Predicate<JsonNode> condition) {
    return Awaitility.await().atMost(Duration.ofMinutes(1)).until(this::standing, condition);
  }

  JsonNode awaitPhase(String phase) {
    return await(it -> it.path("phase").asText().equals(phase));
  }

  /** The share of v2, in percent. */
  static double share(JsonNode standing) {
    return standing.path("versions").path(1).path("percent").asDouble();
  }

  /** The commands of people. */
  SluiceCommandLine sluice() {
    return new SluiceCommandLine(mesh.server().adminAddress().getPort());
  }

  /** All answers so far. */
  TrafficReport answers() {
    return new TrafficReport(
        traffic.stream().flatMap(one -> one.soFar().answers().stream()).toList());
  }

  /** All answers, once both have gone on for a while. */
  TrafficReport awaitMore() {
    traffic.forEach(one -> one.await(100));
    return answers();
  }

  @Override
  public void close() {
    traffic.forEach(ContinuousTraffic::close);
    prometheus.close();
    mesh.close();
  }
}
