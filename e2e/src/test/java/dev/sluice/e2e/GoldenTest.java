package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What the translation's golden folders hold, in a real Envoy: nothing is refused, nothing is
 * deprecated. As there is no management server, assignments stand in their Clusters and
 * RouteConfigurations in their listeners; all else is as it would be sent.
 */
@NeedsEnvoy
class GoldenTest {
  private static final Path FOLDERS =
      EnvoyProcess.repository().resolve("traffic-policy/src/test/resources/golden");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path certificates;
  private static CertificateAuthority authority;
  private static CertificateAuthority.Issued issued;

  @BeforeAll
  static void create() {
    authority = CertificateAuthority.create(certificates, "root");
    issued = authority.issue("any", "dns:any.example");
  }

  static Stream<String> folders() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDERS)) {
      return folders
          .filter(folder -> !isProxyless(folder)) // grpc-java's resources are no Envoy's.
          .map(folder -> String.valueOf(folder.getFileName()))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("folders")
  void envoyTakesWhatTheFolderHolds(String folder) throws IOException {
    String bootstrap = bootstrap(FOLDERS.resolve(folder)).toString();

    assertThat(EnvoyProcess.validate("golden-" + folder, bootstrap)).isEmpty();
  }

  @Test
  void thereAreFoldersWithClustersEndpointsRoutesAndListeners() throws IOException {
    assertThat(folders()).hasSizeGreaterThan(10);
    for (String file : new String[] {"clusters", "endpoints", "routes", "listeners"}) {
      assertThat(folders()).anyMatch(folder -> !read(FOLDERS.resolve(folder), file).isEmpty());
    }
  }

  private static boolean isProxyless(Path folder) {
    return tree(folder.resolve("node.yaml")).path("role").asText().equals("proxyless");
  }

  private static ObjectNode bootstrap(Path folder) {
    Map<String, JsonNode> assignments = byName(read(folder, "endpoints"), "cluster_name");
    Map<String, JsonNode> routes = byName(read(folder, "routes"), "name");
    ObjectNode bootstrap = JSON.createObjectNode();
    ObjectNode resources = bootstrap.putObject("static_resources");
    ArrayNode clusters = resources.putArray("clusters");
    for (JsonNode cluster : read(folder, "clusters")) {
      clusters.add(withAssignment((ObjectNode) cluster, assignments));
    }
    ArrayNode listeners = resources.putArray("listeners");
    Set<String> used = new TreeSet<>();
    for (JsonNode listener : read(folder, "listeners")) {
      putRoutes(listener, routes, used);
      listeners.add(listener);
    }
    putSecrets(bootstrap, resources.putArray("secrets"), new TreeSet<>());
    assertThat(assignments).as("assignments without a Cluster").isEmpty();
    assertThat(routes.keySet()).as("RouteConfigurations, all with a listener").isEqualTo(used);
    return bootstrap;
  }

  private static JsonNode withAssignment(ObjectNode cluster, Map<String, JsonNode> assignments) {
    if (cluster.path("type").asText().equals("EDS")) {
      String name =
          cluster
              .path("eds_cluster_config")
              .path("service_name")
              .asText(cluster.path("name").asText());
      cluster.remove("eds_cluster_config");
      cluster.put("type", "STATIC");
      JsonNode assignment = assignments.remove(name);
      if (assignment == null && !cluster.path("name").asText().equals(name)) {
        // Of a service that a gateway calls and no source knows: the server answers with none.
        assignment = JSON.createObjectNode().put("cluster_name", name);
      }
      assertThat(assignment).as("the assignment of %s", name).isNotNull();
      cluster.set("load_assignment", assignment);
    }
    return cluster;
  }

  /** Replaces each {@code rds} below by the RouteConfiguration that it names. */
  private static void putRoutes(JsonNode node, Map<String, JsonNode> routes, Set<String> used) {
    if (node instanceof ObjectNode object && object.has("rds")) {
      String name = object.remove("rds").path("route_config_name").asText();
      JsonNode route = routes.get(name);
      assertThat(route).as("the RouteConfiguration %s", name).isNotNull();
      used.add(name);
      object.set("route_config", route);
    }
    node.forEach(child -> putRoutes(child, routes, used));
  }

  /** Replaces each reference to a secret below by one to a secret that stands beside it. */
  private static void putSecrets(JsonNode node, ArrayNode secrets, Set<String> known) {
    if (node instanceof ObjectNode object && object.has("sds_config")) {
      object.remove("sds_config");
      String name = object.path("name").asText();
      if (known.add(name)) {
        ObjectNode secret = secrets.addObject().put("name", name);
        if (name.endsWith("/ca")) {
          secret
              .putObject("validation_context")
              .putObject("trusted_ca")
              .put("filename", authority.root().toString());
        } else {
          ObjectNode certificate = secret.putObject("tls_certificate");
          certificate.putObject("certificate_chain").put("filename", issued.cert().toString());
          certificate.putObject("private_key").put("filename", issued.key().toString());
        }
      }
    }
    node.forEach(child -> putSecrets(child, secrets, known));
  }

  private static Map<String, JsonNode> byName(JsonNode list, String field) {
    Map<String, JsonNode> map = new TreeMap<>();
    list.forEach(node -> map.put(node.path(field).asText(), node));
    return map;
  }

  private static JsonNode read(Path folder, String name) {
    return tree(folder.resolve(name + ".yaml"));
  }

  private static JsonNode tree(Path file) {
    try {
      return Files.exists(file)
          ? JSON.valueToTree(
              new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)))
          : JSON.createArrayNode();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
