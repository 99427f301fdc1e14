package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvoyBinaryTest {
  @TempDir Path folder;

  @Test
  void theOneThatTheEnvironmentNamesIsTaken() throws IOException {
    Path named = program("named/my-envoy", "1.20.0");
    program("checkout/.peers/envoy/1.40.0/envoy", "1.40.0");

    assertThat(find(Map.of("SLUICE_ENVOY", named.toString()))).contains(named);
  }

  @Test
  void aNameThatIsNoProgramIsNoReasonToTakeAnother() throws IOException {
    program("checkout/.peers/envoy/1.40.0/envoy", "1.40.0");

    assertThat(find(Map.of("SLUICE_ENVOY", folder.resolve("nothing").toString()))).isEmpty();
  }

  @Test
  void oneOnThePathGoesBeforeTheInstalledOne() throws IOException {
    Path onPath = program("bin/envoy", "1.36.0");
    program("checkout/.peers/envoy/1.40.0/envoy", "1.40.0");

    assertThat(find(Map.of("PATH", folder.resolve("bin").toString()))).contains(onPath);
  }

  @Test
  void oneOnThePathThatIsTooOldIsPassedOver() throws IOException {
    program("bin/envoy", "1.35.9");
    Path installed = program("checkout/.peers/envoy/1.40.0/envoy", "1.40.0");

    assertThat(find(Map.of("PATH", folder.resolve("bin").toString()))).contains(installed);
  }

  @Test
  void theNewestThatIsInstalledIsTaken() throws IOException {
    program("peers/envoy/1.9.0/envoy", "1.9.0");
    Path newest = program("peers/envoy/1.40.0/envoy", "1.40.0");
    program("peers/envoy/.partial-17/envoy", "1.99.0");

    assertThat(find(Map.of("SLUICE_PEERS", folder.resolve("peers").toString()))).contains(newest);
  }

  @Test
  void whereNothingIsInstalledNothingIsFound() {
    assertThat(find(Map.of())).isEmpty();
  }

  private Optional<Path> find(Map<String, String> environment) {
    return EnvoyBinary.find(folder.resolve("checkout"), environment);
  }

  private Path program(String name, String version) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(
        file,
        "#!/bin/sh\necho 'envoy  version: 0123abc/" + version + "/Clean/RELEASE/BoringSSL'\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }
}
