package dev.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.e2e.ConsulServer;
import dev.sluice.e2e.SluiceProcess;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/** What a server holds, and asks of its Consul, while nothing changes. */
final class SteadyState {
  /** In such intervals, in seconds, Consul gathers its numbers. */
  private static final int INTERVAL = 10;

  private static final int INTERVALS = 6;

  private final ConsulServer consul;
  private final SluiceProcess server;

  SteadyState(ConsulServer consul, SluiceProcess server) {
    this.consul = consul;
    this.server = server;
  }

  /** Waits for a while, and prints it. */
  void print() throws InterruptedException {
    TimeUnit.SECONDS.sleep(INTERVAL); // So that what was before is not counted.
    long cpu = server.cpu().toMillis();
    double requests = 0;
    for (int i = 0; i < INTERVALS; i++) {
      TimeUnit.SECONDS.sleep(INTERVAL);
      requests += requests();
    }
    System.out.println("while nothing changes");
    System.out.printf(
        "  requests that Consul answers a second: %.1f%n", requests / INTERVAL / INTERVALS);
    System.out.printf(
        "  connections to Consul: %d%n",
        server.connectionsTo(URI.create(consul.address()).getPort()));
    System.out.printf("  threads of the server: %.0f%n", metric("jvm_threads_live_threads"));
    System.out.printf(
        "  heap in use, garbage included: %,.0f MiB%n",
        metric("jvm_memory_used_bytes{area=\"heap\"") / (1 << 20));
    System.out.printf(
        "  processor time of the server: %,.0f ms a second%n",
        (server.cpu().toMillis() - cpu) / (double) INTERVAL / INTERVALS);
  }

  /** Those of the last whole interval. */
  private double requests() {
    double count = 0;
    for (JsonNode sample : consul.api().get("/v1/agent/metrics").json().get("Samples")) {
      if (sample.get("Name").asText().equals("consul.api.http")) {
        count += sample.get("Count").asInt();
      }
    }
    return count;
  }

  private double metric(String name) {
    return server
        .admin("/metrics")
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
