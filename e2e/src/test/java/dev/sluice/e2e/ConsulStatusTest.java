package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.node.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What became of documents in Consul stands beside them. */
@NeedsConsul
@NeedsEnvoy
class ConsulStatusTest {
  private static final String ROOT = "6a2e4a5c-3b1f-4c59-8f0e-1d2c3b4a5968";
  private static final String OVERRIDE =
      """
      apiVersion: sluice.dev/v1
      kind: InstanceOverride
      metadata: {name: orders-out, namespace: shop}
      spec: {service: orders, match: {address: 192.0.2.7}, state: drain}
      """;

  private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);

  @TempDir Path folder;

  @BeforeEach
  void patience() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40));
  }

  @AfterEach
  void noMorePatience() {
    Awaitility.reset();
  }

  @Test
  void aKeySaysWhatBecameOfWhatItHoldsAndNobodyIsWokenByThat() {
    try (ConsulServer consul = start(ConsulOptions.of("dc1"));
        ConsulProxy asked = new ConsulProxy(consul.address());
        Machines machines = new Machines(consul);
        SluiceProcess sluice = replica("sluice", asked.address(), "");
        TestMesh mesh = new TestMesh("consul-status", folder)) {
      ConsulStatuses statuses = new ConsulStatuses(consul.api());
      TrafficClient client = connect(mesh, machines, sluice.awaitReady().xdsPort());
      try (ContinuousTraffic traffic = client.keepSending(4, Duration.ofMillis(1))) {
        statuses.put("shop/orders.yaml", policy(100, 0));
        statuses.awaitProgrammed("shop/orders.yaml", "1/1");
        awaitVersions(traffic, "v1");
        JsonNode status = statuses.of("shop/orders.yaml");
        assertThat(status.path("key").asText()).isEqualTo("sluice/policies/shop/orders.yaml");
        assertThat(status.path("problems")).isEmpty();
        assertThat(status.at("/documents/0/kind").asText()).isEqualTo("TrafficPolicy");
        assertThat(status.at("/documents/0/namespace").asText()).isEqualTo("shop");
        assertThat(status.at("/documents/0/name").asText()).isEqualTo("orders");
        assertThat(status.at("/documents/0/status/split").asText()).isEqualTo("v1=100,v2=0");
        assertThat(status.at("/documents/0/status/observedGeneration").asLong())
            .isEqualTo(statuses.modifyIndex("sluice/policies/shop/orders.yaml"));

        long watched = asked.asked("/v1/kv/sluice/policies/");
        Instant begun = Instant.now();
        statuses.put("shop/orders.yaml", policy(0, 100).replace("weights", "wieghts"));
        await()
            .until(
                () ->
                    statuses
                        .condition("shop/orders.yaml", "Accepted")
                        .equals("Accepted False Invalid"));
        assertThat(statuses.condition("shop/orders.yaml", "Programmed"))
            .isEqualTo("Programmed False NotAccepted");
        status = statuses.of("shop/orders.yaml");
        assertThat(status.at("/documents/0/status/conditions/0/message").asText())
            .contains("wieghts", "weights");
        assertThat(status.at("/problems/0/line").asInt()).isEqualTo(7);
        assertThat(status.at("/problems/0/column").asInt()).isPositive();
        assertThat(traffic.await(500).versions()).containsOnlyKeys("v1");

        statuses.put("shop/orders.yaml", policy(0, 100) + "  timeouts: [\n");
        await().until(() -> statuses.of("shop/orders.yaml").path("documents").isEmpty());
        status = statuses.of("shop/orders.yaml");
        assertThat(status.at("/problems/0/line").asInt()).isPositive();
        assertThat(status.at("/problems/0/message").asText()).isNotEmpty();
        assertThat(traffic.await(500).versions()).containsOnlyKeys("v1");

        statuses.put("shop/orders.yaml", policy(0, 100) + "---\n" + OVERRIDE);
        statuses.awaitProgrammed("shop/orders.yaml", "1/1");
        assertThat(statuses.of("shop/orders.yaml").path("documents")).hasSize(2);
        awaitVersions(traffic, "v2");

        statuses.put("shop/orders.yaml", policy(100, 0) + "---\n" + OVERRIDE);
        statuses.awaitProgrammed("shop/orders.yaml", "1/1");
        awaitVersions(traffic, "v1");
        assertThat(asked.asked("/v1/kv/sluice/policies/") - watched)
            .as("once for each of four edits, and where a wait of half a minute ended")
            .isBetween(4L, 5 + Duration.between(begun, Instant.now()).dividedBy(HALF_A_MINUTE));

        statuses.delete("shop/orders.yaml");
        await().until(() -> statuses.edition("shop/orders.yaml") == 0);
        awaitVersions(traffic, "v1", "v2");
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  void ofADocumentInTwoKeysTheOneThatDoesNotCountIsToldSo() {
    try (ConsulServer consul = start(ConsulOptions.of("dc1"));
        SluiceProcess sluice = replica("sluice", consul.address(), "statuses: told")) {
      ConsulStatuses statuses = new ConsulStatuses(consul.api());
      statuses.put("a.yaml", OVERRIDE);
      statuses.put("b.yaml", OVERRIDE);
      sluice.awaitReady();
      await()
          .untilAsserted(
              () ->
                  assertThat(consul.api().getKey("told/b.yaml").orElse(""))
                      .contains("is hidden by consul/dc1/sluice/policies/a.yaml"));
      await()
          .untilAsserted(
              () ->
                  assertThat(consul.api().getKey("told/a.yaml").orElse(""))
                      .contains("\"programmed\": \"0/0\"", "\"problems\": [],"));
      assertThat(statuses.edition("a.yaml")).as("elsewhere").isZero();

      statuses.delete("a.yaml");
      await()
          .untilAsserted(
              () ->
                  assertThat(consul.api().getKey("told/b.yaml").orElse(""))
                      .contains("\"reason\": \"Accepted\""));
      await().untilAsserted(() -> assertThat(consul.api().getKey("told/a.yaml")).isEmpty());
    }
  }

  @Test
  void anEditThatIsSetAsideAndAnOverrideThatHasEndedAreTold() {
    try (ConsulServer consul = start(ConsulOptions.of("dc1"));
        SluiceProcess sluice = replica("sluice", consul.address(), "")) {
      ConsulStatuses statuses = new ConsulStatuses(consul.api());
      consul.api().catalog().register(ConsulInstance.of("orders", "orders-1", "192.0.2.1", 8080));
      String versions = Documents.policyOf("orders", Documents.versions("v1", "v2"));
      String ending = OVERRIDE.replace("drain}", "drain, expiresIn: 1s}");
      String routes =
          Documents.policyOf(
                  "orders",
                  "routes: [{name: testers, match: [{path: {prefix: /test}}], to: {version: %s}}]\n")
              .replace("name: orders,", "name: orders-routes,");
      statuses.put("a", versions + "---\n" + ending);
      statuses.put("b", routes.formatted("v2"));
      sluice.awaitReady();
      await().until(() -> text(statuses, "a").contains("ended at"));
      await().until(() -> text(statuses, "b").contains("NoProxies"));

      statuses.put("b", routes.formatted("v3"));
      await()
          .untilAsserted(
              () -> {
                assertThat(text(statuses, "b"))
                    .contains("unknown version \\\"v3\\\"", "this edition is set aside");
                assertThat(statuses.of("b").path("modifyIndex").asLong())
                    .isEqualTo(statuses.modifyIndex("sluice/policies/b"));
              });
      assertThat(statuses.condition("b", "Programmed")).isEqualTo("Programmed False Pending");
      assertThat(statuses.condition("b", "ResolvedRefs"))
          .isEqualTo("ResolvedRefs False UnknownVersion");
    }
  }

  private static String text(ConsulStatuses statuses, String name) {
    return statuses.of(name).toString();
  }

  @Test
  void whatATokenMayNotIsToldOnceAndTrafficGoesOn() {
    try (ConsulServer consul = start(ConsulOptions.of("dc1").withAcls(ROOT));
        Machines machines = new Machines(consul)) {
      String read = "key_prefix \"sluice/\" { policy = \"read\" }\n";
      String write = "key_prefix \"sluice/policies-status\" { policy = \"write\" }\n";
      String sessions = "session_prefix \"\" { policy = \"write\" }\n";
      ConsulApi.Token token = consul.api().createToken("sluice", rules(read));
      ConsulStatuses statuses = new ConsulStatuses(consul.api());
      try (SluiceProcess sluice = replica("sluice", consul.address(), "token: " + token.secret());
          TestMesh mesh = new TestMesh("consul-status-token", folder)) {
        TrafficClient client = connect(mesh, machines, sluice.awaitReady().xdsPort());
        try (ContinuousTraffic traffic = client.keepSending(4, Duration.ofMillis(1))) {
          statuses.put("orders", policy(100, 0));
          awaitVersions(traffic, "v1");
          await().until(() -> sluice.log().contains("session:write"));
          assertThat(sluice.log())
              .contains(
                  "the lock sluice/policies-status-lock cannot be had, so this server writes no"
                      + " statuses",
                  "grant it session:write");

          consul.api().setRules("sluice", rules(read + sessions));
          await().until(() -> sluice.log().contains("grant it key:write"));
          assertThat(sluice.log()).contains("sluice/policies-status-lock");
          assertThat(statuses.edition("orders")).isZero();

          statuses.put("orders", policy(0, 100));
          awaitVersions(traffic, "v2");
          consul.api().setRules("sluice", rules(read + sessions + write));
          statuses.awaitProgrammed("orders", "1/1");
          assertThat(lines(sluice.log(), "grant it session:write")).isEqualTo(1);
          assertThat(lines(sluice.log(), "grant it key:write")).isEqualTo(1);
          assertThat(traffic.stop().failures()).isEmpty();
        }
      }
    }
  }

  @Test
  void aConsulThatWasRestartedHasTheStatusesAndGetsNewOnes() {
    try (ConsulServer consul = start(ConsulOptions.of("dc1"));
        Machines machines = new Machines(consul);
        SluiceProcess sluice = replica("sluice", consul.address(), "");
        TestMesh mesh = new TestMesh("consul-status-restart", folder)) {
      ConsulStatuses statuses = new ConsulStatuses(consul.api());
      TrafficClient client = connect(mesh, machines, sluice.awaitReady().xdsPort());
      statuses.put("orders", policy(100, 0));
      statuses.awaitProgrammed("orders", "1/1");
      long edition = statuses.edition("orders");
      try (ContinuousTraffic traffic = client.keepSending(4, Duration.ofMillis(1))) {
        consul.kill();
        traffic.await(500);
        consul.start();
        await().during(Duration.ofSeconds(5)).until(() -> statuses.edition("orders") == edition);
        statuses.put("orders", policy(0, 100));
        statuses.awaitProgrammed("orders", "1/1");
        awaitVersions(traffic, "v2");
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  private ConsulServer start(ConsulOptions options) {
    return ConsulServer.start(folder.resolve("consul"), options);
  }

  private SluiceProcess replica(String name, String address, String more) {
    return SluiceProcess.start(folder, name, ConsulStatuses.configuration(address, more));
  }

  /** Two machines, and an Envoy that calls them. */
  private static TrafficClient connect(TestMesh mesh, Machines machines, int xdsPort) {
    machines.run("machine-1", "v1");
    machines.run("machine-2", "v2");
    mesh.connectAt(xdsPort);
    mesh.start(Role.SIDECAR);
    TrafficClient client = mesh.client(Role.SIDECAR);
    await().until(() -> client.send(50, 1).versions().keySet().equals(Set.of("v1", "v2")));
    return client;
  }

  private static long lines(String log, String words) {
    return Pattern.compile(Pattern.quote(words)).matcher(log).results().count();
  }

  private static String rules(String keys) {
    return "service_prefix \"\" { policy = \"read\" }\nnode_prefix \"\" { policy = \"read\" }\n"
        + keys;
  }

  private static String policy(int v1, int v2) {
    return Documents.policyOf("orders", Documents.split(v1, v2));
  }

  private static void awaitVersions(ContinuousTraffic traffic, String... versions) {
    await()
        .untilAsserted(() -> assertThat(traffic.await(100).versions()).containsOnlyKeys(versions));
  }
}
