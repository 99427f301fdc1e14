package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where prometheus and promtool are, as {@code bin/peers} says. */
final class PrometheusBinaries {
  /** What to say where there are none. */
  static final String MISSING =
      "no Prometheus found; install it with: bin/peers install prometheus";

  private PrometheusBinaries() {}

  /** Their folder, or empty where there is none. */
  static Optional<Path> find() {
    try {
      Process peers =
          new ProcessBuilder(
                  EnvoyProcess.repository().resolve("bin").resolve("peers").toString(),
                  "path",
                  "prometheus")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String folder =
          new String(peers.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return peers.waitFor() == 0 ? Optional.of(Path.of(folder)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /**
   * What promtool says of files.
   *
   * @param folder where it runs
   * @throws AssertionError with its words where it finds something wrong
   */
  static String promtool(Path folder, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(find().orElseThrow().resolve("promtool").toString());
    command.addAll(List.of(arguments));
    Process tool =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String words = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (tool.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + ":\n" + words);
    }
    return words;
  }
}
