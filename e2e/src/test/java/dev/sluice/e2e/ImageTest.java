package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Struct;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image that is built without a daemon: what is in it, and that it serves. */
@NeedsImage
class ImageTest {
  @TempDir private static Path folder;
  private static Image image;

  @BeforeAll
  static void unpack() throws IOException {
    image = Image.unpack(folder);
  }

  @Test
  void itRunsTheServerAsNobodyInParticular() {
    assertThat(text(image.container(), "User")).isEqualTo("65532:65532");
    assertThat(text(image.container(), "WorkingDir")).isEqualTo("/opt/sluice");
    assertThat(image.strings("Entrypoint"))
        .containsExactly("/opt/java/bin/java", "@/opt/sluice/sluice");
    assertThat(image.container().getFieldsOrThrow("ExposedPorts").getStructValue().getFieldsMap())
        .containsOnlyKeys("18000/tcp", "18002/tcp", "18443/tcp");
    assertThat(text(image.config(), "os")).isEqualTo("linux");
  }

  @Test
  void whatChangesSeldomIsInLayersOfItsOwn() {
    List<String> ofSluice =
        image.layers().stream().filter(layer -> layer.contains("sluice-xds-server")).toList();
    List<String> ofOthers =
        image.layers().stream().filter(layer -> layer.contains("grpc-netty-shaded")).toList();
    List<String> ofRuntime =
        image.layers().stream().filter(layer -> layer.contains("libjvm.so")).toList();

    assertThat(ofSluice).hasSize(1);
    assertThat(ofOthers).hasSize(1).doesNotContainAnyElementsOf(ofSluice);
    assertThat(ofRuntime).hasSize(1).doesNotContainAnyElementsOf(ofSluice);
    assertThat(ofRuntime).doesNotContainAnyElementsOf(ofOthers);
  }

  @Test
  void itHasNoShellAndNoPackages() {
    assertThat(String.join("", image.layers()))
        .doesNotContainPattern("(?m)(^|/)(sh|bash|busybox|apt|dpkg)$")
        .doesNotContain("javac");
  }

  @Test
  void theContainerfileSaysTheSame() throws IOException {
    String text = Files.readString(EnvoyProcess.repository().resolve("deploy/Containerfile"));

    assertThat(text)
        .contains("\nUSER " + text(image.container(), "User") + "\n")
        .contains("\nWORKDIR " + text(image.container(), "WorkingDir") + "\n")
        .contains("\nENV " + String.join(" ", image.strings("Env")) + "\n")
        .contains("\nEXPOSE 18000 18002 18443\n")
        .contains("\nENTRYPOINT [\"" + String.join("\", \"", image.strings("Entrypoint")) + "\"]\n")
        .contains("\nCMD [\"" + String.join("\", \"", image.strings("Cmd")) + "\"]\n");
  }

  @Test
  void itServesFromAFileSystemThatCannotBeWritten() throws Exception {
    Path etc = Files.createDirectory(folder.resolve("etc"));
    Files.createDirectory(etc.resolve("policies"));
    Files.writeString(
        etc.resolve("sluice.yaml"),
        """
        xds: {address: "127.0.0.1:0", drain: 1s}
        admin: {address: "127.0.0.1:0"}
        telemetry: {address: "0.0.0.0:0"}
        sources: {files: [policies]}
        """);
    Path log = folder.resolve("image.log");

    Process server = image.run(etc, log, Map.of(), "serve", "--config", "/etc/sluice/sluice.yaml");
    try (HttpClient client = HttpClient.newHttpClient()) {
      int telemetry = Image.telemetryPort(server, log);
      await().until(() -> get(client, telemetry, "/readyz").statusCode() == 200);
      assertThat(get(client, telemetry, "/metrics").body()).contains("sluice_catalog_services");

      server.destroy();

      assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(server.exitValue()).isEqualTo(128 + 15);
      assertThat(log).content().contains("Stopping").doesNotContain("Exception");
    } finally {
      server.destroyForcibly();
    }
  }

  private static String text(Struct struct, String key) {
    return struct.getFieldsOrThrow(key).getStringValue();
  }

  private static HttpResponse<String> get(HttpClient client, int port, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
