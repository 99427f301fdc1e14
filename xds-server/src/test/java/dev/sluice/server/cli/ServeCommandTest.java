package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.settings.SettingsKeys;
import dev.sluice.server.transport.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

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
    assertThat(answer.err())
        .contains("--admin: ")
        .contains("it needs admin.tls and admin.tokens in");
    assertThat(started).isEmpty();
  }

  @Test
  void probesAndMetricsMayBeWhereOtherMachinesConnect() throws IOException {
    Path file = config("sources: {files: [policies]}\ntelemetry: {address: \"0.0.0.0:3\"}\n");

    serve("-c", file.toString());
    serve("-c", file.toString(), "--telemetry", "0.0.0.0:4");
    serve("-f", folder.toString());

    assertThat(started)
        .extracting(ServerSettings::telemetry)
        .containsExactly(new HostPort("0.0.0.0", 3), new HostPort("0.0.0.0", 4), null);
  }

  @Test
  void aDirectoryThatIsNotThereIsToldPlainly() {
    Sluice.Answer answer = serve("-f", folder.resolve("gone").toString());

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains("is no directory; create it first");
  }

  @Test
  void directoriesOfSecretsAreThoseOfTheOptionsBeforeThoseOfTheConfiguration() throws IOException {
    Path file = config("sources: {files: [policies], secrets: [.]}\n");

    serve("-c", file.toString());
    serve("-c", file.toString(), "--secrets", folder.resolve("policies").toString());

    assertThat(started)
        .extracting(settings -> settings.sources().secrets())
        .containsExactly(List.of(folder.resolve(".")), List.of(folder.resolve("policies")));
  }

  @Test
  void aDirectoryOfSecretsThatIsNotThereIsToldPlainly() {
    Sluice.Answer answer =
        serve("-f", folder.toString(), "--secrets", folder.resolve("gone").toString());

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains("--secrets: ").contains("is no directory; create it first");
    assertThat(started).isEmpty();
  }

  @Test
  void privateKeysThatAreSentToAnybodyAreWarnedOf() {
    TestAuthority authority = TestAuthority.create(folder, "root");
    authority.issue("server", "dns:sluice.example");
    List<String> secrets = List.of("-f", folder.toString(), "--secrets", folder.toString());
    List<String> open = List.of("--xds", "0.0.0.0:18000");
    List<String> tls =
        List.of(
            "--xds-cert", folder.resolve("server.crt").toString(),
            "--xds-key", folder.resolve("server.key").toString());
    List<String> mutual = List.of("--xds-client-ca", authority.root().toString());

    assertThat(warnings(List.of(secrets, open)))
        .containsExactly(
            "private keys are sent in plain text to whoever connects to xDS on"
                + " 0.0.0.0:18000; give xds.tls with clientCa, or listen on loopback");
    assertThat(warnings(List.of(secrets, open, tls)))
        .containsExactly(
            "private keys are sent to whoever connects to xDS on 0.0.0.0:18000;"
                + " give xds.tls.clientCa, or listen on loopback");
    assertThat(warnings(List.of(secrets, open, tls, mutual))).isEmpty();
    assertThat(warnings(List.of(secrets))).isEmpty();
    assertThat(warnings(List.of(secrets, List.of("--xds", "[::1]:18000")))).isEmpty();
    assertThat(warnings(List.of(List.of("-f", folder.toString()), open))).isEmpty();
    assertThat(started).hasSize(6);
  }

  private List<String> warnings(List<List<String>> options) {
    Logger logger = (Logger) LoggerFactory.getLogger("sluice");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      serve(options.stream().flatMap(List::stream).toArray(String[]::new));
    } finally {
      logger.detachAppender(lines);
    }
    return lines.list.stream()
        .filter(line -> line.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
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
