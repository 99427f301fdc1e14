package dev.sluice.bench.load;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The process of the simulated proxies; {@link XdsLoad} starts it and tells it what to do. */
final class ProxiesProcess {
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

  private final ProxyFleet fleet;

  private ProxiesProcess(ProxyFleet fleet) {
    this.fleet = fleet;
  }

  /**
   * Takes {@link Workload#arguments}, the certificates' directory or "", and how many proxies
   * connect at a time.
   */
  public static void main(String[] arguments) {
    List<String> words = List.of(arguments);
    Workload workload = Workload.parse(words.subList(0, 5));
    Transport transport = ServerProcess.transport(workload, words.get(5));
    try (ProxyFleet fleet = new ProxyFleet(workload, Integer.parseInt(words.get(6)), transport)) {
      Commands.serve(new ProxiesProcess(fleet)::handle);
    }
  }

  private Map<String, Long> handle(String command, List<String> arguments) throws Exception {
    return switch (command) {
      case "clock" -> Map.of("now", System.nanoTime());
      case "cpu" -> Map.of("cpu", ProcessFigures.cpuNanos());
      case "connect" -> {
        long took = fleet.connect(Integer.parseInt(arguments.get(0)));
        yield Map.of("took", took, "bytes", fleet.bytes());
      }
      case "stopping" -> {
        fleet.stopping();
        yield Map.of();
      }
      case "reconnect" -> reconnect(Integer.parseInt(arguments.get(0)));
      case "disconnect" -> {
        fleet.disconnect();
        yield Map.of();
      }
      case "expect" -> {
        fleet.expect(Integer.parseInt(arguments.get(0)));
        yield Map.of();
      }
      case "arrivals" -> arrivals(Long.parseLong(arguments.get(0)));
      case "responses" -> responses();
      default -> throw new IllegalArgumentException("unknown command " + command);
    };
  }

  private Map<String, Long> reconnect(int port) throws InterruptedException {
    long took = fleet.reconnect(port);
    fleet.awaitQuiet(QUIET_NANOS);
    return Map.of("took", took, "bytes", fleet.bytes(), "messages", fleet.messagesReceived());
  }

  private Map<String, Long> arrivals(long start) {
    long[] sorted = fleet.arrivals();
    Map<String, Long> figures = new HashMap<>();
    figures.put("p50", sorted[(sorted.length - 1) / 2] - start);
    figures.put("last", sorted[sorted.length - 1] - start);
    return figures;
  }

  private Map<String, Long> responses() {
    int[] counts = fleet.responses();
    return Map.of(
        "sum",
        Arrays.stream(counts).asLongStream().sum(),
        "most",
        (long) Arrays.stream(counts).max().orElse(0));
  }
}
