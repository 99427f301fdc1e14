package dev.sluice.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.settings.AdminToken.May;
import dev.sluice.server.settings.AdminToken.Secret;
import dev.sluice.server.transport.TestAuthority;
import dev.sluice.server.transport.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminSectionTest {
  private static final String SECRET = "0123456789abcdef";

  @TempDir private Path folder;
  private TlsFiles tls;

  @BeforeEach
  void writeFiles() throws IOException {
    TestAuthority authority = TestAuthority.create(folder, "root");
    TlsFiles issued = authority.issue("admin", "dns:sluice.example");
    tls = new TlsFiles(issued.cert(), issued.key(), null);
    Files.writeString(folder.resolve("ops"), SECRET + "\n");
    Files.writeString(folder.resolve("short"), "0123\n");
  }

  private SettingsFile.Reading read(String admin) {
    return SettingsFile.read(
        folder.resolve("sluice.yaml"),
        "admin: " + admin + "\n",
        Map.of("TOKEN", "of the environment"));
  }

  private List<String> messages(String admin) {
    return read(admin).problems().stream()
        .map(problem -> problem.path() + ": " + problem.message())
        .toList();
  }

  @Test
  void tlsAndTokensAreRead() {
    SettingsFile.Reading reading =
        read(
            """

              address: 0.0.0.0:18001
              tls: {cert: admin.crt, key: admin.key}
              tokens:
                - {name: ops, tokenFile: ops, may: write}
                - {name: dashboard, token: fedcba9876543210}
            """);

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.given().wrongAdmin()).isEmpty();
    assertThat(reading.given().complete().access())
        .isEqualTo(
            new AdminAccess(
                tls,
                List.of(
                    new AdminToken("ops", new Secret.InFile(folder.resolve("ops")), May.WRITE),
                    new AdminToken("dashboard", new Secret.Given("fedcba9876543210"), May.READ))));
    assertThat(reading.given().toString()).doesNotContain("fedcba");
  }

  @Test
  void offLoopbackBothAreNeeded() {
    assertThat(messages("{address: \"0.0.0.0:1\"}"))
        .containsExactly(
            "$.admin.address: the admin API tells all that the server knows, so on 0.0.0.0:1, where"
                + " other machines connect, it needs admin.tls and admin.tokens in the"
                + " configuration; write them, or such as 127.0.0.1:1");
    assertThat(messages("{address: \"[::]:1\", tokens: [{name: a, tokenFile: ops}]}"))
        .singleElement()
        .asString()
        .contains("needs admin.tls in");
    assertThat(messages("{address: \"[::1]:1\", tokens: [{name: a, tokenFile: ops}]}")).isEmpty();
  }

  @Test
  void anAddressOfTheCommandLineIsHeldToTheFile() {
    GivenSettings file = read("{tokens: [{name: a, tokenFile: ops}]}").given();

    assertThat(file.wrongAdmin()).isEqualTo(Optional.empty());
    assertThat(file.access()).isNotNull();
  }

  @Test
  void whatIsWrongWithATokenIsTold() {
    assertThat(
            messages(
                "{tokens: [{name: A b, tokenFile: ops}, {name: c}, {name: d, token: x, tokenFile:"
                    + " ops}, {name: e, tokenFile: gone}, {name: f, tokenFile: short},"
                    + " {name: g, token: \"${TOKEN}\"}, {name: h, may: all, token: x}]}"))
        .anySatisfy(
            it -> assertThat(it).startsWith("$.admin.tokens[0].name: \"A b\" is no DNS label"))
        .anySatisfy(
            it -> assertThat(it).contains("tokens[1].tokenFile: a token is given by one of"))
        .anySatisfy(it -> assertThat(it).contains("tokens[2].token: a token is given by one of"))
        .anySatisfy(it -> assertThat(it).contains("tokens[3].tokenFile: the token's file"))
        .anySatisfy(
            it -> assertThat(it).contains("tokens[4].tokenFile").contains("openssl rand -hex 32"))
        .anySatisfy(it -> assertThat(it).contains("tokens[5].token: the token is not one word"))
        .anySatisfy(it -> assertThat(it).contains("tokens[6].may"))
        .noneSatisfy(it -> assertThat(it).contains("of the environment"));
    assertThat(messages("{tokens: [{name: a, tokenFile: ops}, {name: a, token: " + SECRET + "}]}"))
        .containsExactly(
            "$.admin.tokens[1].name: another one is called a already",
            "$.admin.tokens[1].name: has another one's token; give each one of its own");
    assertThat(messages("{tls: {cert: gone.crt, key: admin.key}}"))
        .singleElement()
        .asString()
        .startsWith("$.admin.tls.cert: ");
  }
}
