package dev.sluice.bench.load;

import dev.sluice.e2e.SluiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the commands cost beside many proxies: {@code bin/bench surface [PROXIES] [SERVICES]}. A
 * real server reads files, simulated proxies connect to it, and commands are run as people run
 * them. Tells how long each takes from the shell, and how long a changed endpoint takes from the
 * save of its file to the last proxy: without commands, while one after the other is started, and
 * while each asks for all proxies. Commands, proxies and server share the machine, so that only the
 * difference of the last two is the server's.
 */
public final class SurfaceLoad {
  private static final int RUNS = 9;
  private static final int PUSHES = 15;
  private static final int WINDOW = 250;
  private static final int ENDPOINTS = 10;
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /** Each half of a marked address has four digits, however the server writes it. */
  private static final int FIRST_CHANGE = 0x1001_1001;

  private final Path folder;
  private final int services;
  private final SluiceProcess server;
  private final ProxyFleet fleet;
  private int change = FIRST_CHANGE;

  private SurfaceLoad(Path folder, int services, SluiceProcess server, ProxyFleet fleet) {
    this.folder = folder;
    this.services = services;
    this.server = server;
    this.fleet = fleet;
  }

  /** Runs it; 5,000 proxies and 100 services where nothing else is said. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int proxies = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5_000;
    int services = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
    Path folder = Files.createTempDirectory("sluice-surface");
    Path documents = Files.createDirectory(folder.resolve("documents"));
    save(documents, 0, services);
    Files.writeString(documents.resolve("policy.yaml"), policy("5s"));
    Files.writeString(folder.resolve("candidate.yaml"), policy("6s"));
    Workload workload = new Workload(proxies, services, ENDPOINTS, Variant.DELTA, false);
    try (SluiceProcess server =
            SluiceProcess.start(folder, "server", configuration(documents), "-Xmx2g");
        ProxyFleet fleet = new ProxyFleet(workload, WINDOW, new Transport(Optional.empty()))) {
      server.awaitReady();
      System.out.printf(
          Locale.ROOT,
          "%d proxies with %d clusters each connected in %.1f s%n",
          proxies,
          services,
          fleet.connect(server.xdsPort()) / 1e9);
      new SurfaceLoad(documents, services, server, fleet).measure(folder);
      fleet.stopping();
    }
  }

  /** All proxies come at once, which the server's limit is there to hold back. */
  private static String configuration(Path documents) {
    return "xds: {limits: {newStreamsPerSecond: 100000}}\nsources: {files: [" + documents + "]}\n";
  }

  private void measure(Path where) throws IOException, InterruptedException {
    fleet.awaitQuiet(QUIET_NANOS);
    pushes(PUSHES); // The code gets warm.
    double alone = pushes(PUSHES);
    command("status");
    command("get", "proxies");
    command("get", "policies");
    command("diff", "-f", where.resolve("candidate.yaml").toString());
    double besideOthers = pushesBeside("version");
    double beside = pushesBeside("get", "proxies");
    System.out.printf(
        Locale.ROOT,
        """
        a changed endpoint, from the save of its file to the last proxy: %.0f ms
          beside commands that only start, one after the other: %.0f ms (x %.2f)
          beside commands that ask for all proxies: %.0f ms (x %.2f, of the former x %.2f)
        """,
        alone,
        besideOthers,
        besideOthers / alone,
        beside,
        beside / alone,
        beside / besideOthers);
  }

  /** Pushes while one command after the other is run. */
  private double pushesBeside(String... words) throws IOException, InterruptedException {
    AtomicBoolean enough = new AtomicBoolean();
    Thread asking =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!enough.get()) {
                    run(words);
                  }
                });
    double beside = pushes(PUSHES);
    enough.set(true);
    asking.join();
    return beside;
  }

  /** The median of the times from a save to the last proxy, in milliseconds. */
  private double pushes(int count) throws IOException, InterruptedException {
    double[] times = new double[count];
    for (int i = 0; i < count; i++) {
      change++;
      fleet.expect(change);
      long saved = save(folder, change, services);
      times[i] = (fleet.arrivals()[fleet.arrivals().length - 1] - saved) / 1e6;
      fleet.awaitQuiet(QUIET_NANOS);
    }
    return median(times);
  }

  private void command(String... words) {
    double[] times = new double[RUNS];
    for (int i = 0; i < RUNS; i++) {
      times[i] = run(words) / 1e6;
    }
    System.out.printf(
        Locale.ROOT,
        "sluice %-12s %.0f ms at the median of %d runs, %.0f ms at most%n",
        words[0].equals("get") ? words[0] + " " + words[1] : words[0],
        median(times),
        RUNS,
        times[RUNS - 1]);
  }

  private long run(String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("repository.root"), "bin/sluice").toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("SLUICE_BUILD", "never");
    builder.environment().put("SLUICE_SERVER", "http://127.0.0.1:" + server.adminPort());
    long began = System.nanoTime();
    try {
      int exitCode = builder.start().waitFor();
      if (exitCode > 1) {
        throw new IllegalStateException(command + " ended with " + exitCode);
      }
    } catch (IOException e) {
      throw new IllegalStateException(command + " cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return System.nanoTime() - began;
  }

  private static double median(double[] times) {
    Arrays.sort(times);
    return times[times.length / 2];
  }

  /** Saves all services, the first with an address that names the change; gives when. */
  private static long save(Path folder, int change, int services) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < services; i++) {
      text.append(service(i, i == 0 ? change : 0));
    }
    Path next = Files.writeString(folder.resolveSibling("services.next"), text);
    long now = System.nanoTime();
    Files.move(next, folder.resolve("services.yaml"), StandardCopyOption.ATOMIC_MOVE);
    return now;
  }

  private static String service(int number, int change) {
    StringBuilder text =
        new StringBuilder(
            """
            ---
            apiVersion: sluice.dev/v1
            kind: StaticService
            metadata: {name: service-%d}
            spec:
              ports: [{name: http, port: 80, protocol: http}]
              endpoints:
            """
                .formatted(number));
    for (int i = 0; i < ENDPOINTS; i++) {
      String address =
          i == 0 && change > 0
              ? "\"" + Contents.marked(change) + "\""
              : "10.%d.%d.%d".formatted(number >> 8, number & 255, i + 1);
      text.append("    - {address: %s, port: 8080}\n".formatted(address));
    }
    return text.toString();
  }

  private static String policy(String timeout) {
    return """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: service-0}
        spec: {target: {service: service-0}, timeouts: {request: %s}}
        """
        .formatted(timeout);
  }
}
