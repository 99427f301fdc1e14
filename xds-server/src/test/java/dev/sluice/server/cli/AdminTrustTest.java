package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.admin.AdminServer;
import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.settings.AdminAccess;
import dev.sluice.server.settings.AdminToken;
import dev.sluice.server.settings.AdminToken.May;
import dev.sluice.server.settings.AdminToken.Secret;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.transport.TestAuthority;
import dev.sluice.server.transport.TlsFiles;
import dev.sluice.server.transport.TransportMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that ask a server which wants to know who asks. */
class AdminTrustTest {
  private static final String SECRET = "0123456789abcdef";

  @TempDir private Path folder;
  private final FakeViews views = new FakeViews();
  private TestAuthority authority;
  private TlsFiles files;
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    authority = TestAuthority.create(folder, "ca");
    files = authority.issue("admin", "ip:127.0.0.1");
    Files.writeString(folder.resolve("token"), SECRET);
    Files.writeString(folder.resolve("other"), "fedcba9876543210");
    server = start(new TlsFiles(files.cert(), files.key(), null));
  }

  private AdminServer start(TlsFiles tls) throws IOException {
    return AdminServer.start(
        new HostPort("127.0.0.1", 0),
        new AdminAccess(tls, List.of(new AdminToken("reader", new Secret.Given(SECRET), May.READ))),
        TransportMetrics.NONE,
        "1",
        views.views(),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        views.overrides());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Sluice.Answer run(String command, String... more) {
    List<String> args = new ArrayList<>(List.of(command.split(" ", -1)));
    args.addAll(List.of("--server", "https://127.0.0.1:" + server.address().getPort()));
    args.addAll(List.of(more));
    return Sluice.run(args.toArray(String[]::new));
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void withATokenAndWhoSignedItAnswers() {
    Sluice.Answer answer =
        run("get sources", "--ca", authority.root().toString(), "--token-file", file("token"));

    assertThat(answer.err()).isEmpty();
    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out()).contains("file/files");
  }

  @Test
  void theTokenMayStandInTheEnvironment() throws Exception {
    ProcessBuilder command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sluice.server.app.Main",
                "get",
                "sources")
            .redirectErrorStream(true);
    command
        .environment()
        .putAll(
            Map.of(
                "SLUICE_SERVER",
                "https://127.0.0.1:" + server.address().getPort(),
                "SLUICE_CA",
                authority.root().toString(),
                "SLUICE_TOKEN",
                SECRET));

    Process process = command.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed).contains("file/files");
  }

  @Test
  void withoutATokenItIsToldHowToGiveOne() {
    Sluice.Answer none = run("get sources", "--ca", authority.root().toString());
    Sluice.Answer wrong =
        run("get sources", "--ca", authority.root().toString(), "--token-file", file("other"));

    assertThat(none.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(none.err()).contains("--token-file FILE or SLUICE_TOKEN");
    assertThat(wrong.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(wrong.err()).contains("none of admin.tokens").doesNotContain("fedcba");
  }

  @Test
  void whatTheTokenMayNotHasNoAnswer() {
    Sluice.Answer answer =
        run(
            "drain orders.shop 10.0.0.1",
            "--ca",
            authority.root().toString(),
            "--token-file",
            file("token"));

    assertThat(answer.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(answer.err()).contains("the token \"reader\" may read alone");
  }

  @Test
  void aServerThatNobodyKnowsIsNotAsked() {
    Sluice.Answer answer = run("get sources", "--token-file", file("token"));

    assertThat(answer.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(answer.err()).contains("--ca names who signed");
  }

  @Test
  void aCertificateOfOnesOwnIsShownWhereOneIsWanted() throws IOException {
    server.close();
    server = start(new TlsFiles(files.cert(), files.key(), authority.root()));
    TlsFiles mine = authority.issue("mine", "dns:mine");
    String[] token = {"--ca", authority.root().toString(), "--token-file", file("token")};

    assertThat(run("get sources", token).exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(
            run(
                    "get sources",
                    token[0],
                    token[1],
                    token[2],
                    token[3],
                    "--cert",
                    mine.cert().toString(),
                    "--key",
                    mine.key().toString())
                .exitCode())
        .isZero();
    assertThat(run("get sources", "--cert", mine.cert().toString()).exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aTokenGoesNowhereInPlainText() {
    Sluice.Answer answer =
        Sluice.run(
            "get", "sources", "--server", "http://192.0.2.1:1", "--token-file", file("token"));

    assertThat(answer.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(answer.err()).contains("in plain text; write https://");
  }

  @Test
  void aTokenFileThatHoldsNoneIsTold() throws IOException {
    Files.writeString(folder.resolve("token"), "");

    Sluice.Answer answer =
        run("get sources", "--ca", authority.root().toString(), "--token-file", file("token"));

    assertThat(answer.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(answer.err()).contains(file("token")).contains("is not one word");
  }
}
