package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class RenderCommandTest {
  private static final Path GOLDEN =
      Sluice.ROOT.resolve("traffic-policy/src/test/resources/golden");
  private static final List<String> ROLES = List.of("sidecar", "node", "gateway", "proxyless");

  @TempDir Path folder;

  @Test
  void theQuickstartGivesItsGatewayAClusterForEachVersionAndARoute() throws IOException {
    Sluice.Answer answer = Sluice.run("render", "-o", "json", "-f", Sluice.example("quickstart"));

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.err()).isEmpty();
    JsonNode gateway = new ObjectMapper().readTree(answer.out()).path(0);
    assertThat(gateway.path("proxy").asText()).isEqualTo("gateway front-proxy.edge");
    List<String> clusters = names(gateway.path("clusters"), "name");
    assertThat(clusters)
        .anyMatch(name -> name.contains("orders") && name.contains("v1"))
        .anyMatch(name -> name.contains("orders") && name.contains("v2"));
    assertThat(names(gateway.path("endpoints"), "clusterName")).containsAll(clusters);
    assertThat(gateway.path("listeners").findValues("portValue"))
        .extracting(JsonNode::asInt)
        .containsExactly(10080);
    assertThat(gateway.path("routes").toString())
        .contains("orders.example.com")
        .contains(clusters.getFirst())
        .contains("x-canary");
  }

  @Test
  void theYamlSaysTheSameAsTheJson() throws IOException {
    String quickstart = Sluice.example("quickstart");
    JsonNode json =
        new ObjectMapper().readTree(Sluice.run("render", "-o", "json", "-f", quickstart).out());

    Object yaml =
        new Load(LoadSettings.builder().build())
            .loadAllFromString(Sluice.run("render", "-f", quickstart).out())
            .iterator()
            .next();

    assertThat(yaml).isEqualTo(new ObjectMapper().convertValue(json.path(0), Map.class));
  }

  @Test
  void aSidecarIsSentWhatItDependsOnAndItsOwnPort() throws IOException {
    write("mesh.yaml", Mesh.service("orders") + "---\n" + Mesh.service("stock"));

    Sluice.Answer answer =
        Sluice.run(
            "render",
            "-o",
            "json",
            "-f",
            folder.toString(),
            "--role",
            "sidecar",
            "--service",
            "web.shop",
            "--dependencies",
            "orders",
            "--inbound",
            "15006:8080");

    assertThat(answer.exitCode()).isZero();
    JsonNode sidecar = new ObjectMapper().readTree(answer.out()).path(0);
    assertThat(names(sidecar.path("clusters"), "name"))
        .anyMatch(name -> name.contains("orders"))
        .noneMatch(name -> name.contains("stock"));
    assertThat(sidecar.path("listeners").findValues("portValue"))
        .extracting(JsonNode::asInt)
        .contains(15001, 15006);
  }

  @Test
  void aRoleWithoutItsServiceIsWrongUsage() {
    Sluice.Answer answer =
        Sluice.run("render", "-f", Sluice.example("quickstart"), "--role", "sidecar");

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains("--role and --service");
  }

  @Test
  void documentsWithoutAGatewayNeedToBeToldTheProxy() throws IOException {
    write("mesh.yaml", Mesh.service("orders"));

    Sluice.Answer answer = Sluice.run("render", "-f", folder.toString());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.err()).contains("no Gateway").contains("--role");
  }

  @Test
  void whatIsWrongIsToldBesideWhatCanBeRendered() throws IOException {
    write("mesh.yaml", Mesh.GATEWAY + "---\n" + Mesh.service("orders") + "---\nkind: Nothing\n");

    Sluice.Answer answer = Sluice.run("render", "-f", folder.toString());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.err()).contains("mesh.yaml:").contains("Nothing");
    assertThat(answer.out()).contains("gateway front-proxy.shop");
  }

  @ParameterizedTest
  @CsvSource({"sidecar", "node", "gateway", "proxyless"})
  void everySectionOfAPolicyCanBeShownForEveryRole(String role) throws IOException {
    // A gRPC client is sent gRPC services only.
    String protocol = role.equals("proxyless") ? "grpc" : "http";
    String service = Mesh.service("orders").replace("protocol: http", "protocol: " + protocol);
    write("mesh.yaml", Mesh.GATEWAY + "---\n" + service + "---\n" + Mesh.FULL);

    Sluice.Answer answer = render(folder, role);

    assertThat(answer.err()).doesNotContain("mesh.yaml").isEmpty();
    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out()).contains("orders").contains("\"clusters\"");
  }

  static Stream<Path> goldenFolders() throws IOException {
    try (Stream<Path> folders = Files.list(GOLDEN)) {
      return folders.filter(Files::isDirectory).sorted().toList().stream();
    }
  }

  /** An extension that the translation emits and the views do not know would fail here. */
  @ParameterizedTest
  @MethodSource("goldenFolders")
  void everythingThatTheTranslationIsHeldToCanBeShown(Path golden) throws IOException {
    List<String> documents = new ArrayList<>(List.of("render", "-o", "json"));
    for (String name : List.of("policy.yaml", "catalog.yaml")) {
      if (Files.exists(golden.resolve(name))) {
        documents.add("-f");
        documents.add(golden.resolve(name).toString());
      }
    }
    for (String role : ROLES) {
      List<String> args = new ArrayList<>(documents);
      args.addAll(List.of("--role", role, "--service", service(role)));

      Sluice.Answer answer = Sluice.run(args.toArray(String[]::new));

      assertThat(answer.err()).doesNotContain("IllegalStateException").doesNotContain("\tat ");
      assertThat(new ObjectMapper().readTree(answer.out()).path(0).path("proxy").asText())
          .startsWith(role);
    }
  }

  private static Sluice.Answer render(Path documents, String role) {
    return Sluice.run(
        "render",
        "-o",
        "json",
        "-f",
        documents.toString(),
        "--role",
        role,
        "--service",
        service(role));
  }

  private static String service(String role) {
    return role.equals("gateway") ? "front-proxy.shop" : "client.shop";
  }

  private static List<String> names(JsonNode resources, String key) {
    List<String> names = new ArrayList<>();
    resources.forEach(resource -> names.add(resource.path(key).asText()));
    return names;
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
