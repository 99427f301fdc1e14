package dev.sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.sluice.translate.check.FieldChecker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes of every golden folder keeps the rules of Envoy's fields. */
class GoldenFieldsTest {
  private final FieldChecker checker = new FieldChecker(PackedTypes.ALL);

  static Stream<String> folders() throws IOException {
    return GoldenTest.folders();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("folders")
  void noFieldWouldBeRefused(String folder) {
    Golden golden = Golden.of(Path.of("src/test/resources/golden").resolve(folder));
    List<? extends Message> all =
        Stream.of(golden.clusters(), golden.assignments(), golden.routes(), golden.listeners())
            .flatMap(List::stream)
            .toList();
    assertThat(all).isNotEmpty();
    assertThat(all).allSatisfy(message -> assertThat(checker.check(message)).isEmpty());
  }
}
