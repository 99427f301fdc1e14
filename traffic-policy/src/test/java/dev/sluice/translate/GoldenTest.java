package dev.sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every folder of {@code src/test/resources/golden}: documents in, what a proxy is sent out. {@code
 * mvn -pl traffic-policy -am test -Dtest=GoldenTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dgolden.rewrite=true} rewrites what comes out; review the difference like code. {@code
 * target/golden/<folder>.json} is each folder's bootstrap for {@code envoy --mode validate -c}.
 */
class GoldenTest {
  private static final Path FOLDERS = Path.of("src/test/resources/golden");
  private static final Path BOOTSTRAPS = Path.of("target/golden");

  static Stream<String> folders() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDERS)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("folders")
  void documentsGiveWhatTheFolderHolds(String folder) throws IOException {
    Path path = FOLDERS.resolve(folder);
    Golden golden = Golden.of(path);
    Files.createDirectories(BOOTSTRAPS);
    if (golden.bootstrap().isPresent()) {
      String json = ProtoYaml.json(golden.bootstrap().get());
      Files.writeString(BOOTSTRAPS.resolve(folder + ".json"), json);
    }
    for (var file : golden.files().entrySet()) {
      if (Boolean.getBoolean("golden.rewrite")) {
        rewrite(path.resolve(file.getKey()), file.getValue());
      }
      assertThat(Golden.text(path, file.getKey()).orElse(""))
          .as("%s/%s; -Dgolden.rewrite=true accepts the new one", folder, file.getKey())
          .isEqualTo(file.getValue());
    }
  }

  @Test
  void thereAreFolders() throws IOException {
    assertThat(folders()).hasSizeGreaterThan(15);
  }

  private static void rewrite(Path file, String text) throws IOException {
    if (text.isEmpty()) {
      Files.deleteIfExists(file);
    } else {
      Files.writeString(file, text);
    }
  }
}
