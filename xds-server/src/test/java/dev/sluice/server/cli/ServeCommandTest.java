package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.settings.SettingsKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
  @TempDir private Path folder;

  private final List<ServerSettings> started = new ArrayList<>();

  @BeforeEach
  void aDirectoryOfDocuments() throws IOException {
    Files.createDirectory(folder.resolve("policies"));
  }

  @Test
  void withoutAConfigurationItServesOnLoopback() {
    serve("-f", folder.toString());

    assertThat(started)
        .containsExactly(
            ServerSettings.of(
                List.of(folder),
                HostPort.parse("127.0.0.1:18000"),
                HostPort.parse("127.0.0.1:18001")));
  }

  @Test
  void theConfigurationIsReadAndOptionsOverrideIt() throws IOException {
    Path file = config("sources: {files: [policies]}\nxds: {address: \"${HOST}:1\"}\n");

    serve("-c", file.toString(), "--admin", "127.0.0.1:2");

    assertThat(started)
        .containsExactly(
            ServerSettings.of(
                List.of(folder.resolve("policies")),
                HostPort.parse("10.0.0.1:1"),
                HostPort.parse("127.0.0.1:2")));
  }

  @Test
  void lastGoodDocumentsAreKeptWhereItIsToldTo() {
    serve("-f", folder.toString(), "--state", folder.resolve("kept").toString());

    assertThat(started.getFirst().state()).isEqualTo(folder.resolve("kept"));
  }

  @Test
  void aConfigurationWithErrorsStartsNothing() throws IOException {
    Path file = config("sources: {files: [policies]}\nxds: {address: 18000}\nlogs: {}\n");

    Sluice.Answer answer = serve("-c", file.toString());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.err())
        .contains(file + ":2:16 $.xds.address: \"18000\" is not host:port")
        .contains(file + ":3:1 $.logs: unknown key \"logs\"; did you mean \"log\"?")
        .contains("the server was not started");
    assertThat(started).isEmpty();
  }

  @Test
  void aConfigurationThatIsNotThereIsToldPlainly() {
    Sluice.Answer answer = serve("-c", folder.resolve("gone.yaml").toString());

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains("gone.yaml is not there").doesNotContain("Exception");
  }

  @Test
  void withoutDocumentsItSaysHowToNameThem() {
    Sluice.Answer answer = serve();

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains("-f").contains("sources.files");
  }

  @Test
  void theAdminApiIsKeptToThisMachine() {
    Sluice.Answer answer = serve("-f", folder.toString(), "--admin", "0.0.0.0:18001");

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains("--admin: the admin API has no authentication yet");
    assertThat(started).isEmpty();
  }

  @Test
  void aDirectoryThatIsNotThereIsToldPlainly() {
    Sluice.Answer answer = serve("-f", folder.resolve("gone").toString());

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains("is no directory; create it first");
  }

  @Test
  void theHelpAndTheReferenceTellEveryKey() throws IOException {
    String help = serve("--help").out();
    String reference = Files.readString(Sluice.ROOT.resolve("docs/server.md"));

    for (SettingsKeys.Key key : SettingsKeys.ALL) {
      assertThat(help).contains(key.path());
      assertThat(reference)
          .contains("| `%s` | %s | %s |".formatted(key.path(), key.standard(), key.meaning()));
    }
  }

  private Sluice.Answer serve(String... options) {
    List<String> args = new ArrayList<>(List.of("serve"));
    args.addAll(List.of(options));
    return Sluice.run(
        settings -> {
          started.add(settings);
          throw new IOException("enough was seen");
        },
        Map.of("HOST", "10.0.0.1"),
        args.toArray(String[]::new));
  }

  private Path config(String text) throws IOException {
    return Files.writeString(folder.resolve("sluice.yaml"), text);
  }
}
