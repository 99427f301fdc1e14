package dev.sluice.e2e;

import dev.sluice.e2e.KubernetesCluster.CommandResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs Helm on the chart; it keeps its files in a folder of the test's. */
final class Helm {
  /** The chart. */
  static final Path CHART = EnvoyProcess.repository().resolve("deploy/helm/sluice");

  /** Values with which everything that can be switched on is. */
  static final Path EVERYTHING =
      EnvoyProcess.repository().resolve("e2e/src/test/resources/helm/everything.yaml");

  private final Path folder;

  Helm(Path folder) {
    this.folder = folder;
  }

  /** The folder of the binary, or empty where there is none. */
  static Optional<Path> find() {
    return PeerFolder.find("helm", List.of("helm"));
  }

  /** Runs a command that has to succeed, and gives what it printed. */
  String run(String... arguments) {
    CommandResult result = tryRun(arguments);
    if (!result.succeeded()) {
      throw new AssertionError("helm " + List.of(arguments) + ": " + result.output());
    }
    return result.output();
  }

  /** The chart's manifests as a release "sluice" in the namespace sluice-system. */
  String template(String... options) {
    return run(withOptions(List.of("template", "sluice", CHART.toString()), options));
  }

  /** Runs a command, and gives what it printed and whether it succeeded. */
  CommandResult tryRun(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add("env");
    for (String home : List.of("CACHE", "CONFIG", "DATA")) {
      command.add("HELM_" + home + "_HOME=" + folder.resolve("helm-" + home));
    }
    command.add(find().orElseThrow().resolve("helm").toString());
    command.add("--namespace=sluice-system");
    command.addAll(List.of(arguments));
    return CommandResult.of(command, "");
  }

  private static String[] withOptions(List<String> command, String... options) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(options));
    return all.toArray(String[]::new);
  }
}
