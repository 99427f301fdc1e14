package dev.sluice.bench.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bin/bench xds-load}: the load benchmark of the xDS engine. */
@Command(
    name = "xds-load",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures the xDS engine under load against two references in the same run: gRPC Java",
      "without a control plane (floor) and java-control-plane (jcp). A server runs in one process",
      "and the simulated proxies in another, each on its own core.",
      "",
      "Example: bin/bench xds-load --workload 1000x100 --workload 1000x1000 --variant delta"
    })
public final class XdsLoad implements Callable<Integer> {
  private static final int FITS_PROXIES = 10_000;
  private static final int FITS_CLUSTERS = 1_000;

  @Option(
      names = "--workload",
      paramLabel = "PROXIESxCLUSTERS",
      description = "may be repeated (default: 1000x1000)")
  private List<String> workloads = new ArrayList<>();

  @Option(names = "--endpoints", description = "of each cluster (default: ${DEFAULT-VALUE})")
  private int endpoints = 10;

  @Option(
      names = "--variant",
      split = ",",
      description = "${COMPLETION-CANDIDATES} (default: DELTA)")
  private List<Variant> variants = new ArrayList<>();

  @Option(names = "--tls", description = "mutual TLS instead of plaintext")
  private boolean tls;

  @Option(names = "--servers", split = ",", description = "${COMPLETION-CANDIDATES} (default: all)")
  private List<Contender> servers = new ArrayList<>();

  @Option(
      names = "--warm-up-storms",
      description = "connect storms before the one that counts (default: ${DEFAULT-VALUE})")
  private int warmUpStorms = 5;

  @Option(names = "--warm-up", description = "pushes before those that count (${DEFAULT-VALUE})")
  private int warmUp = 100;

  @Option(names = "--pushes", description = "pushes that count (default: ${DEFAULT-VALUE})")
  private int pushes = 30;

  @Option(names = "--burst", description = "changes of the burst (default: ${DEFAULT-VALUE})")
  private int burst = 50;

  @Option(names = "--window", description = "proxies that connect at a time (${DEFAULT-VALUE})")
  private int window = 250;

  @Option(names = "--heap", description = "each server's -Xmx (default: ${DEFAULT-VALUE})")
  private String heap = "4g";

  @Option(
      names = "--server-jvm",
      description = "more JVM options for the servers (default: ${DEFAULT-VALUE})")
  private String serverJvm = "-XX:+UseSerialGC -XX:-ShrinkHeapInSteps";

  @Option(names = "--server-core", description = "the server's core (default: ${DEFAULT-VALUE})")
  private int serverCore;

  @Option(names = "--proxies-core", description = "the proxies' core (default: ${DEFAULT-VALUE})")
  private int proxiesCore = 1;

  @Option(
      names = "--fits",
      description = "10,000 proxies x 1,000 clusters, sluice alone, 2 GB heap")
  private boolean fits;

  @Option(
      names = "--profile",
      paramLabel = "DIRECTORY",
      description = "write flight recordings of each server's pushes and storm there")
  private @Nullable Path profiles;

  @Option(names = "-o", description = "text or json (default: ${DEFAULT-VALUE})")
  private Output output = Output.text;

  /** The form of the result. */
  enum Output {
    /** A table for people. */
    text,
    /** All figures, in the units that their names say. */
    json
  }

  /** Runs it. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new XdsLoad())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Plan plan =
        new Plan(
            warmUpStorms,
            warmUp,
            pushes,
            burst,
            window,
            serverCore,
            proxiesCore,
            jvm(),
            Optional.ofNullable(profiles));
    List<Workload> all = workloads();
    for (Workload workload : all) {
      Optional<String> problem = Machine.tooMany(workload.proxies());
      if (problem.isPresent()) {
        System.err.println("xds-load: " + problem.get());
        return 1;
      }
    }
    if (profiles != null) {
      Files.createDirectories(profiles);
    }
    Path certificates = Files.createTempDirectory("sluice-bench");
    try {
      if (tls) {
        Certificates.create(certificates);
      }
      return measured(all, plan, certificates);
    } finally {
      delete(certificates);
    }
  }

  private int measured(List<Workload> all, Plan plan, Path certificates)
      throws IOException, InterruptedException {
    String where =
        Machine.canPin()
            ? "server on core %d, proxies on core %d".formatted(serverCore, proxiesCore)
            : "not pinned to cores: that needs two cores and taskset";
    List<Figures> results = new ArrayList<>();
    for (Workload workload : all) {
      List<Figures> ofOne = new ArrayList<>();
      for (Contender contender : contenders()) {
        String prefix = contender + ", " + workload + ": ";
        Figures figures =
            Measurement.of(
                contender, workload, plan, certificates, step -> progress(prefix + step));
        progress(
            "%sa push costs %.1f us of CPU per proxy, the last has it after %.1f ms"
                .formatted(prefix, figures.pushCpuMicros(), figures.pushLastMillis()));
        ofOne.add(figures);
      }
      if (output == Output.text) {
        System.out.println();
        System.out.println(workload + "; " + where);
        System.out.println(Report.of(ofOne));
      }
      results.addAll(ofOne);
    }
    if (output == Output.json) {
      System.out.println(
          new ObjectMapper()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(
                  Map.of("where", where, "plan", plan.toString(), "results", results)));
    }
    return 0;
  }

  private static void progress(String line) {
    System.err.println(line);
  }

  private List<String> jvm() {
    List<String> options = new ArrayList<>(List.of("-Xmx" + (fits ? "2g" : heap)));
    Stream.of(serverJvm.split(" ")).filter(option -> !option.isBlank()).forEach(options::add);
    return options;
  }

  private List<Contender> contenders() {
    if (fits) {
      return List.of(Contender.SLUICE);
    }
    return servers.isEmpty() ? List.of(Contender.values()) : servers;
  }

  private List<Workload> workloads() {
    List<String> sizes = workloads.isEmpty() ? List.of("1000x1000") : workloads;
    if (fits) {
      sizes = List.of(FITS_PROXIES + "x" + FITS_CLUSTERS);
    }
    List<Workload> all = new ArrayList<>();
    for (Variant variant : variants.isEmpty() ? List.of(Variant.DELTA) : variants) {
      sizes.forEach(size -> all.add(workload(size, variant)));
    }
    return all;
  }

  private Workload workload(String size, Variant variant) {
    String[] numbers = size.toLowerCase(Locale.ROOT).split("x", 2);
    try {
      return new Workload(
          Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), endpoints, variant, tls);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "--workload " + size + " is not PROXIESxCLUSTERS, such as 1000x100", e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
