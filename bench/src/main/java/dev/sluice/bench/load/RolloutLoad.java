package dev.sluice.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.e2e.SluiceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * What rollouts cost: {@code bin/bench rollouts [PROXIES] [ROLLOUTS]}. A real server, simulated
 * proxies that acknowledge routes. Tells how long a flip takes from the opening of its gate to the
 * last acknowledgement, how long many rollouts take that flip at the same time, and what a rollout
 * adds to the heap that is used.
 */
public final class RolloutLoad {
  private static final int FLIPS = 9;
  private static final int FEW = 100;
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Pattern USED = Pattern.compile("used (\\d+)K");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path documents;
  private final int rollouts;
  private final SluiceProcess server;

  private RolloutLoad(Path documents, int rollouts, SluiceProcess server) {
    this.documents = documents;
    this.rollouts = rollouts;
    this.server = server;
  }

  /** Runs it; 1,000 proxies and 500 rollouts where nothing else is said. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int proxies = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
    int rollouts = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 500;
    one(proxies);
    many(Math.min(proxies, FEW), rollouts);
  }

  private static void one(int proxies) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("sluice-rollout");
    Path documents = Files.createDirectory(folder.resolve("documents"));
    services(documents, 1);
    policies(documents, 1, Policy.BLUE);
    try (SluiceProcess server = start(folder, documents);
        RoutedProxies clients = new RoutedProxies(proxies, server.xdsPort())) {
      RolloutLoad load = new RolloutLoad(documents, 1, server);
      load.await(one -> isAcknowledged(one, proxies));
      double[] times = new double[FLIPS];
      for (int i = 0; i < FLIPS; i++) {
        times[i] = load.flip(i % 2 == 0 ? Policy.GREEN : Policy.BLUE, proxies);
      }
      Arrays.sort(times);
      System.out.printf(
          Locale.ROOT,
          "a flip of %d proxies, from its gate's opening to the last acknowledgement: %.0f ms at the"
              + " median of %d, %.0f at most; %d streams lost%n",
          proxies,
          times[FLIPS / 2],
          FLIPS,
          times[FLIPS - 1],
          clients.lost());
    }
  }

  /** How long after the change of shares it was seen that every proxy has them, in milliseconds. */
  private double flip(Policy to, int proxies) throws IOException, InterruptedException {
    policies(documents, 1, to);
    JsonNode shifted =
        await(
            one ->
                one.path("to").asText().equals(to.active())
                    && one.path("phase").asText().matches("SHIFTING|KEEPING")
                    && isAcknowledged(one, proxies));
    Instant seen = Instant.now();
    await(one -> one.path("phase").asText().equals("COMPLETE"));
    return Duration.between(Instant.parse(shifted.path("since").asText()), seen).toNanos() / 1e6;
  }

  private static void many(int proxies, int rollouts) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("sluice-rollouts");
    Path documents = Files.createDirectory(folder.resolve("documents"));
    services(documents, rollouts);
    policies(documents, rollouts, Policy.SPLIT);
    try (SluiceProcess server = start(folder, documents);
        RoutedProxies clients = new RoutedProxies(proxies, server.xdsPort())) {
      RolloutLoad load = new RolloutLoad(documents, rollouts, server);
      Thread.sleep(5_000);
      long before = heap();
      policies(documents, rollouts, Policy.BLUE);
      load.await(one -> one.path("phase").asText().equals("COMPLETE"));
      long after = heap();
      long saved = System.nanoTime();
      policies(documents, rollouts, Policy.GREEN);
      load.await(
          one ->
              one.path("to").asText().equals("green")
                  && one.path("phase").asText().equals("COMPLETE"));
      System.out.printf(
          Locale.ROOT,
          "%d rollouts of %d proxies that flip at the same time, from the save of their policies to"
              + " the last that is complete: %.1f s; %d streams lost%n"
              + "a rollout adds %.1f KiB to the heap that is used%n",
          rollouts,
          proxies,
          (System.nanoTime() - saved) / 1e9,
          clients.lost(),
          (after - before) / 1024.0 / rollouts);
    }
  }

  private static SluiceProcess start(Path folder, Path documents) {
    return SluiceProcess.start(
            folder,
            "server",
            "xds: {limits: {newStreamsPerSecond: 100000}}\nsources: {files: [%s]}\nstate: %s\n"
                .formatted(documents, folder.resolve("state")),
            "-Xmx2g")
        .awaitReady();
  }

  private static boolean isAcknowledged(JsonNode rollout, int proxies) {
    return rollout.path("proxies").path("acknowledged").asInt() == proxies;
  }

  /** Waits until all rollouts are so, and gives the first. */
  private JsonNode await(Predicate<JsonNode> condition) throws IOException, InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      String answer = server.admin("/v1/rollouts");
      if (!answer.startsWith("{")) {
        throw new IllegalStateException(answer);
      }
      JsonNode all = JSON.readTree(answer).path("rollouts");
      if (all.size() == rollouts
          && StreamSupport.stream(all.spliterator(), false).allMatch(condition)) {
        return all.path(0);
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException("it did not come to that within " + LIMIT + ": " + all);
      }
      Thread.sleep(rollouts > 1 ? 500 : 5);
    }
  }

  /** The heap of the server that is used after a full collection, in bytes. */
  private static long heap() throws IOException, InterruptedException {
    long server =
        ProcessHandle.current()
            .children()
            .filter(it -> it.info().command().orElse("").endsWith("java"))
            .findFirst()
            .orElseThrow()
            .pid();
    jcmd(server, "GC.run");
    jcmd(server, "GC.run");
    Matcher used = USED.matcher(jcmd(server, "GC.heap_info"));
    if (!used.find()) {
      throw new IllegalStateException("the heap is not told");
    }
    return Long.parseLong(used.group(1)) << 10;
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                command)
            .redirectErrorStream(true)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(answer);
    }
    return answer;
  }

  private static void services(Path folder, int count) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(
          """
          ---
          apiVersion: sluice.dev/v1
          kind: StaticService
          metadata: {name: service-%1$d}
          spec:
            ports: [{name: http, port: 80, protocol: http}]
            endpoints:
              - {address: 10.%2$d.%3$d.1, port: 8080, labels: {slot: blue}}
              - {address: 10.%2$d.%3$d.2, port: 8080, labels: {slot: green}}
          """
              .formatted(i, i >> 8, i & 255));
    }
    Files.writeString(folder.resolve("services.yaml"), text);
  }

  private enum Policy {
    SPLIT,
    BLUE,
    GREEN;

    String active() {
      return this == GREEN ? "green" : "blue";
    }

    String section() {
      return this == SPLIT
          ? "split: {weights: {blue: 1, green: 0}}"
          : "rollout: {blueGreen: {active: %s, standby: %s, gate: {stableFor: 1s}, keepStandby: 1s}}"
              .formatted(active(), this == GREEN ? "blue" : "green");
    }
  }

  private static void policies(Path folder, int count, Policy policy) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(
          """
          ---
          apiVersion: sluice.dev/v1
          kind: TrafficPolicy
          metadata: {name: service-%1$d}
          spec:
            target: {service: service-%1$d}
            versions: [{name: blue, labels: {slot: blue}}, {name: green, labels: {slot: green}}]
            %2$s
          """
              .formatted(i, policy.section()));
    }
    Path next = Files.writeString(folder.resolveSibling("policies.next"), text);
    Files.move(next, folder.resolve("policies.yaml"), StandardCopyOption.ATOMIC_MOVE);
  }
}
