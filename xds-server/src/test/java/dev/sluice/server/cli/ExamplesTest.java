package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.source.DocumentReader.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {
  /** Bootstraps are Envoy's own files, and sluice.yaml the server's; all others are documents. */
  static Stream<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(Sluice.ROOT.resolve("examples"))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(
              file ->
                  !file.startsWith(Sluice.ROOT.resolve("examples/envoy"))
                      && !file.endsWith("sluice.yaml"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void anExampleIsReadWithoutProblems(Path file) throws IOException {
    Reading reading = DocumentParser.reader().read(file.toString(), Files.readString(file));

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.complete()).isTrue();
    assertThat(reading.items()).isNotEmpty().allMatch(item -> item.document().isPresent());
  }
}
