package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.e2e.KubernetesCluster.CommandResult;
import dev.sluice.node.Role;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.status.ProxyStatuses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice diff}: what it says is what then changes, of two Envoys. */
@NeedsEnvoy
class DiffTest {
  private static final int EDITS = 15;

  @TempDir private Path folder;
  @TempDir private Path candidates;

  @Test
  void whatIsSaidIsExactlyWhatThenChangesHoweverThePolicyIsEdited() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (TestMesh mesh = new TestMesh("diff", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(Documents.split(100, 0));
      mesh.start(Role.SIDECAR);
      mesh.start(Role.GATEWAY);
      SluiceCommandLine sluice = new SluiceCommandLine(mesh.server().adminAddress().getPort());
      int changes = 0;
      try (ContinuousTraffic traffic = mesh.client(Role.SIDECAR).keepSending()) {
        for (int i = 0; i < EDITS; i++) {
          String sections = sections(random);
          Map<String, String> before = versions(mesh);

          CommandResult said = diff(sluice, Documents.policy(sections));
          JsonNode answer = new ObjectMapper().readTree(said.output());
          Map<String, String> after = after(before, answer);

          assertThat(versions(mesh)).as("nothing was changed by asking").isEqualTo(before);
          assertThat(said.exitCode()).as(said.output()).isEqualTo(after.equals(before) ? 0 : 1);
          mesh.savePolicy(sections);
          changes += after.equals(before) ? 0 : 1;
          Awaitility.await("seed " + seed + ", " + sections)
              .atMost(Duration.ofSeconds(20))
              .during(Duration.ofMillis(300))
              .untilAsserted(() -> assertThat(versions(mesh)).isEqualTo(after));
        }
        assertThat(traffic.stop().failures()).isEmpty();
      }
      assertThat(changes).as("seed %d", seed).isGreaterThan(EDITS / 3);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(proxies(mesh)).allMatch(ProxyStatus::synced));
    }
  }

  @Test
  void aRouteThatWouldGoIsWarnedOfAndADocumentThatIsWrongIsNamed() throws IOException {
    try (TestMesh mesh = new TestMesh("diff-warns", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"));
      mesh.savePolicy(
          "routes: [{name: slow, match: [{path: {prefix: /slow}}], timeouts: {request: 9s}}]");
      mesh.start(Role.SIDECAR);
      SluiceCommandLine sluice = new SluiceCommandLine(mesh.server().adminAddress().getPort());

      assertThat(
              sluice.expect(1, "diff", "-f", candidate(Documents.policy("retry: {attempts: 0}"))))
          .contains(
              "sidecar front.shop (1 proxy)",
              "-          pathSeparatedPrefix: /slow",
              "warning: removes the route /slow (prefix) of virtual host orders.shop|80",
              "1 proxy, 1 route changed");
      assertThat(sluice.expect(2, "diff", "-f", candidate(Documents.policy("retry: {atempts: 0}"))))
          .contains("orders-policy.yaml:7:", "attempts");
      assertThat(sluice.expect(1, "diff", "--delete", "StaticService", "shop/orders"))
          .contains("1 cluster removed", "1 endpoint removed");
    }
  }

  private String candidate(String text) throws IOException {
    return Files.writeString(candidates.resolve("orders-policy.yaml"), text).toString();
  }

  private CommandResult diff(SluiceCommandLine sluice, String text) throws IOException {
    return sluice.run("diff", "-f", candidate(text), "-o", "json");
  }

  private static String sections(Random random) {
    List<String> sections = new ArrayList<>();
    int v1 = random.nextInt(101);
    sections.add(
        random.nextBoolean()
            ? Documents.split(v1, 100 - v1)
            : Documents.versions("v1", "v2")
                + "split: {weights: {v1: 1}, mode: endpoint}\nloadBalancer: {type: RoundRobin}\n");
    if (random.nextBoolean()) {
      sections.add("timeouts: {request: %ds}\n".formatted(5 + random.nextInt(5)));
    }
    if (random.nextBoolean()) {
      sections.add("circuitBreaker: {maxRequests: %d}\n".formatted(500 + random.nextInt(500)));
    }
    if (random.nextBoolean()) {
      sections.add("retry: {attempts: %d, retryOn: [reset]}\n".formatted(random.nextInt(4)));
    }
    if (random.nextBoolean()) {
      sections.add(
          "routes: [{name: one, match: [{path: {prefix: /p%d}}], timeouts: {request: 9s}}]\n"
              .formatted(v1 % 3));
    }
    return String.join("", sections);
  }

  private static List<ProxyStatus> proxies(TestMesh mesh) {
    return mesh.server().views().proxies().get();
  }

  /** The version of each resource that a proxy is to have, by role, type and name. */
  private static Map<String, String> versions(TestMesh mesh) {
    Map<String, String> versions = new TreeMap<>();
    for (ProxyStatus proxy : proxies(mesh)) {
      for (ResourceType type : ResourceType.values()) {
        for (Resource resource : proxy.served().resources(type).values()) {
          String role = proxy.id().endsWith("gateway") ? "gateway" : "sidecar";
          versions.put(key(role, ProxyStatuses.name(type), resource.name()), resource.version());
        }
      }
    }
    return versions;
  }

  /** What the versions would be by what the command says. */
  private static Map<String, String> after(Map<String, String> before, JsonNode answer) {
    Map<String, String> after = new TreeMap<>(before);
    for (JsonNode difference : answer.path("groups")) {
      for (JsonNode group : difference.path("groups")) {
        for (JsonNode resource : difference.path("resources")) {
          String key =
              key(
                  group.path("role").asText().toLowerCase(Locale.ROOT),
                  resource.path("type").asText(),
                  resource.path("name").asText());
          if (resource.has("after")) {
            after.put(key, resource.path("after").asText());
          } else {
            after.remove(key);
          }
        }
      }
    }
    return after;
  }

  private static String key(String role, String type, String name) {
    return role + "/" + type + "/" + name;
  }
}
