package dev.sluice.policy.parse;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the author of a wrong document reads: {@code problems/NAME.yaml} gives {@code
 * problems/NAME.txt}, line by line. After a change that is meant, rewrite them all with
 *
 * <pre>mvn -pl traffic-policy -am test -Dtest=ProblemsTest -Dgolden.rewrite=true \
 *     -Dsurefire.failIfNoSpecifiedTests=false</pre>
 *
 * and review their difference as the person who made each mistake.
 */
class ProblemsTest {
  private static final Path FOLDER = Path.of("src", "test", "resources", "problems");
  private static final boolean REWRITE = Boolean.getBoolean("golden.rewrite");

  static Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .map(name -> name.substring(0, name.length() - ".yaml".length()))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void aWrongDocumentIsToldAllThatIsWrong(String name) throws IOException {
    String file = name + ".yaml";
    String told =
        DocumentParser.reader()
            .read(file, Files.readString(FOLDER.resolve(file)))
            .problems()
            .stream()
            .map(Problem::toString)
            .collect(joining("\n", "", "\n"));

    Path expected = FOLDER.resolve(name + ".txt");
    if (REWRITE) {
      Files.writeString(expected, told);
    }
    assertThat(told).isEqualTo(Files.readString(expected)).isNotBlank();
  }

  @Test
  void everyExpectationHasItsDocument() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      long expectations = files.filter(file -> file.toString().endsWith(".txt")).count();
      assertThat(expectations).isEqualTo(names().count()).isGreaterThan(50);
    }
  }
}
