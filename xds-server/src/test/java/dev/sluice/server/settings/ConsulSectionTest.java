package dev.sluice.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.problem.Problem;
import dev.sluice.server.consul.Addresses;
import dev.sluice.server.consul.ConsulAccess.Consistency;
import dev.sluice.server.consul.ConsulAccess.Tls;
import dev.sluice.server.consul.ConsulAccess.Token;
import dev.sluice.server.consul.StatusNames;
import dev.sluice.server.settings.ConsulSettings.Watched;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsulSectionTest {
  @TempDir Path folder;

  @BeforeEach
  void writeFiles() throws IOException {
    for (String file : List.of("token", "ca.pem", "cert.pem", "key.pem")) {
      Files.writeString(folder.resolve(file), "x");
    }
  }

  private SettingsFile.Reading read(String datacenter) {
    return SettingsFile.read(
        folder.resolve("sluice.yaml"),
        "sources:\n  consul:\n    - " + datacenter + "\n",
        Map.of("SECRET", "s3cret"));
  }

  private ConsulSettings one(String datacenter) {
    SettingsFile.Reading reading = read(datacenter);
    assertThat(reading.problems()).isEmpty();
    return reading.given().sources().consul().getFirst();
  }

  private List<String> messages(String datacenter) {
    return read(datacenter).problems().stream()
        .map(
            problem ->
                problem.path().replace("$.sources.consul[0].", "") + ": " + problem.message())
        .toList();
  }

  @Test
  void theLocalAgentIsMeantUnlessToldOtherwise() {
    ConsulSettings settings = one("{}");
    assertThat(settings)
        .isEqualTo(ConsulSettings.of("consul", URI.create("http://127.0.0.1:8500"), "default"));
    assertThat(one("{datacenter: dc2}").name()).isEqualTo("dc2");
    assertThat(one("{datacenter: dc2, name: far}").name()).isEqualTo("far");
  }

  @Test
  void everyKeyIsRead() {
    ConsulSettings settings =
        one(
            """
            name: dc1
                  address: https://consul.example:8501
                  datacenter: dc1
                  tokenFile: token
                  tls: {ca: ca.pem, cert: cert.pem, key: key.pem}
                  consulNamespace: team
                  partition: east
                  consistency: stale
                  namespace: shop
                  port: 8080
                  services: [stock, "pay-*"]
                  tags: [sluice]
                  watch: wanted
                  addresses: wan
                  policies: sluice/policies
                  holdEmpty: 0s
                  connections: 900\
            """);
    assertThat(settings.access().address()).isEqualTo(URI.create("https://consul.example:8501"));
    assertThat(settings.access().token()).isEqualTo(new Token.InFile(folder.resolve("token")));
    assertThat(settings.access().tls())
        .isEqualTo(
            new Tls(
                folder.resolve("ca.pem"), folder.resolve("cert.pem"), folder.resolve("key.pem")));
    assertThat(settings.access().datacenter()).contains("dc1");
    assertThat(settings.access().scope().namespace()).contains("team");
    assertThat(settings.access().scope().partition()).contains("east");
    assertThat(settings.access().consistency()).isEqualTo(Consistency.STALE);
    assertThat(settings.namespace()).isEqualTo("shop");
    assertThat(settings.port()).isEqualTo(8080);
    assertThat(settings.services()).containsExactly("stock", "pay-*");
    assertThat(settings.tags()).containsExactly("sluice");
    assertThat(settings.watched()).isEqualTo(Watched.WANTED);
    assertThat(one("{}").watched()).isEqualTo(Watched.ALL);
    assertThat(settings.addresses()).isEqualTo(Addresses.WAN);
    assertThat(settings.policies()).contains("sluice/policies/");
    assertThat(settings.holdEmpty()).isEqualTo(Duration.ZERO);
    assertThat(settings.connections()).isEqualTo(900);
    assertThat(one("{token: \"${SECRET}\"}").access().token())
        .isEqualTo(new Token.Given("s3cret"))
        .asString()
        .doesNotContain("s3cret");
  }

  @Test
  void allThatIsWrongIsTold() {
    assertThat(
            messages(
                "{name: A_b, address: \"consul:8500\", token: t, tokenFile: gone, namespace: \"x.y\","
                    + " port: 0, policies: /, holdEmpty: -1s, connections: 0,"
                    + " tls: {cert: cert.pem}}"))
        .hasSize(11)
        .contains(
            "name: \"A_b\" is no DNS label; write lower-case letters, digits and dashes",
            "address: \"consul:8500\" is no address of Consul's HTTP API; write http://HOST:8500 or"
                + " https://HOST:8501",
            "token: is given beside tokenFile; leave out one of the two",
            "port: 0 is no port; write a number from 1 to 65535",
            "connections: 0 is too small; the least is 1",
            "tls: has one of cert and key; write both, or none",
            "tokenFile: " + folder.resolve("gone") + " is no file; write it first");
    assertThat(messages("{tls: {ca: ca.pem}, address: \"http://127.0.0.1:1\"}"))
        .containsExactly("tls: is for addresses with https; change the address, or leave it out");
  }

  @Test
  void statusesStandBesideDocumentsUnlessToldOtherwise() {
    assertThat(one("{}").statuses()).isEmpty();
    assertThat(one("{policies: sluice/policies}").statuses())
        .contains(new StatusNames("sluice/policies/", "sluice/policies-status/"));
    assertThat(one("{policies: sluice/policies/, statuses: told}").statuses())
        .contains(new StatusNames("sluice/policies/", "told/"));
    assertThat(one("{policies: sluice/policies, statuses: none}").statuses()).isEmpty();
    assertThat(messages("{statuses: told}"))
        .containsExactly("statuses: is for documents; write policies too, or leave it out");
    assertThat(messages("{policies: sluice, statuses: sluice/status}"))
        .containsExactly(
            "statuses: is not apart from policies, so that statuses would be read as documents;"
                + " write another beginning, such as sluice/policies-status");
    assertThat(messages("{policies: sluice, statuses: /}")).hasSize(2);
  }

  @Test
  void twoOfOneNameAreRefused() {
    assertThat(messages("{name: dc1}\n    - {name: dc1}"))
        .containsExactly(
            "$.sources.consul[1].name: another one is called dc1 already; give each a name of its"
                + " own");
  }

  @Test
  void whereTheProblemIsIsTold() {
    Problem problem = read("{port: 0}").problems().getFirst();
    assertThat(problem.toString())
        .contains("sluice.yaml:3:14")
        .contains("$.sources.consul[0].port");
  }
}
