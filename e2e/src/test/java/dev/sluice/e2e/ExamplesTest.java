package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.app.SluiceServer;
import dev.sluice.server.settings.SettingsFile;
import dev.sluice.source.DocumentReader.Reading;
import io.grpc.xds.InternalGrpcBootstrapperImpl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file under {@code examples/} is loaded by what it is for. */
@NeedsEnvoy
class ExamplesTest {
  /** The server's own configuration. */
  private static final String SETTINGS = "sluice.yaml";

  private static final Path EXAMPLES = EnvoyProcess.repository().resolve("examples");

  static Stream<String> bootstraps() throws IOException {
    return files().stream().filter(ExamplesTest::isEnvoys);
  }

  static Stream<String> grpcBootstraps() throws IOException {
    return files().stream().filter(ExamplesTest::isGrpcs);
  }

  static Stream<String> documents() throws IOException {
    return files().stream().filter(ExamplesTest::isDocument);
  }

  @ParameterizedTest
  @MethodSource("bootstraps")
  void anEnvoyStartsWithTheBootstrap(String file) throws IOException {
    String bootstrap = read(file);
    String name = "example-" + file.replace('/', '-');

    assertThat(EnvoyProcess.validate(name, bootstrap)).isEmpty();
    try (EnvoyProcess envoy = EnvoyProcess.start(name, bootstrap)) {
      assertThat(envoy.admin("/server_info")).contains("PRE_INITIALIZING").contains("node");
    }
  }

  @ParameterizedTest
  @MethodSource("grpcBootstraps")
  void grpcJavaReadsTheBootstrap(String file) throws Exception {
    Struct.Builder json = Struct.newBuilder();
    JsonFormat.parser().merge(read(file), json);

    var bootstrap = InternalGrpcBootstrapperImpl.parseBootstrap(Json.map(json.build()));

    assertThat(bootstrap.servers()).hasSize(1);
    assertThat(bootstrap.node().toString()).contains("sluice");
  }

  @ParameterizedTest
  @MethodSource("documents")
  void theDocumentsHaveNoProblem(String file) throws IOException {
    Reading reading = DocumentParser.reader().read(file, read(file));

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.items()).isNotEmpty().allMatch(item -> item.document().isPresent());
  }

  @Test
  void aServerStartsWithTheConfiguration() throws IOException {
    String anyPort = read(SETTINGS).replace(":18000", ":0").replace(":18001", ":0");
    SettingsFile.Reading reading = SettingsFile.read(EXAMPLES.resolve(SETTINGS), anyPort, Map.of());
    assertThat(reading.problems()).isEmpty();

    try (ControlPlane server = SluiceServer.start(reading.given().complete())) {
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> !server.views().policies().get().isEmpty());
      assertThat(server.views().problems().get()).isEmpty();
    }
  }

  @Test
  void everyFileIsOneOfThese() throws IOException {
    assertThat(bootstraps()).hasSizeGreaterThanOrEqualTo(3);
    assertThat(grpcBootstraps()).isNotEmpty();
    assertThat(documents()).isNotEmpty();
    assertThat(files())
        .allMatch(
            file ->
                isEnvoys(file)
                    || isGrpcs(file)
                    || isDocument(file)
                    || file.equals(SETTINGS)
                    || file.endsWith(".md"));
  }

  private static boolean isEnvoys(String file) {
    return file.startsWith("envoy/") && file.endsWith(".yaml");
  }

  private static boolean isGrpcs(String file) {
    return file.startsWith("envoy/") && file.endsWith(".json");
  }

  private static boolean isDocument(String file) {
    return !file.startsWith("envoy/") && file.endsWith(".yaml") && !file.equals(SETTINGS);
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(EXAMPLES)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> EXAMPLES.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  private static String read(String file) throws IOException {
    return Files.readString(EXAMPLES.resolve(file));
  }
}
