package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.node.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Of several replicas one writes the statuses of documents in Consul, for the proxies of all. */
@NeedsConsul
@NeedsEnvoy
class ConsulReplicasTest {
  private static final Logger LOG = LoggerFactory.getLogger(ConsulReplicasTest.class);

  /** Consul ends a session after up to twice its ten seconds, and some pass between tries. */
  private static final Duration TAKEN_OVER = Duration.ofSeconds(40);

  private static final String CARTS =
      """
      apiVersion: sluice.dev/v1
      kind: StaticService
      metadata: {name: carts, namespace: shop}
      spec: {ports: [{port: 80}], endpoints: [{address: 192.0.2.9, port: 8080}]}
      """;

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
  void whenTheOneThatWritesIsKilledAnotherOneDoesAndWritesNothingTwice() {
    try (ConsulServer consul = start();
        SluiceProcess one = replica(consul, "one").awaitReady();
        Forwarder first = new Forwarder(one.xdsPort())) {
      ConsulStatuses statuses = new ConsulStatuses(consul.api());
      statuses.put("orders", policy(90, 10));
      statuses.put("carts", CARTS);
      await().until(() -> !statuses.leader().isEmpty());
      String leader = statuses.leader();
      try (SluiceProcess two = replica(consul, "two").awaitReady();
          TestMesh left = mesh("left", first.port());
          TestMesh right = mesh("right", two.xdsPort())) {
        left.start(Role.SIDECAR);
        right.start(Role.SIDECAR);
        statuses.awaitProgrammed("orders", "2/2");
        statuses.awaitProgrammed("carts", "2/2");
        await().untilAsserted(() -> assertThat(keys(consul)).hasSize(1));
        assertThat(statuses.leader()).isEqualTo(leader);
        long carts = statuses.edition("carts");
        long orders = statuses.edition("orders");

        one.kill();
        long killed = System.nanoTime();
        first.to(two.xdsPort());
        await()
            .atMost(TAKEN_OVER)
            .until(() -> !statuses.leader().equals(leader) && !statuses.leader().isEmpty());
        LOG.info("{} ms until another one led", (System.nanoTime() - killed) / 1_000_000);
        await().until(() -> keys(consul).isEmpty());
        await()
            .during(Duration.ofSeconds(4))
            .until(
                () -> statuses.edition("carts") == carts && statuses.edition("orders") == orders);

        statuses.put("orders", policy(50, 50));
        statuses.awaitProgrammed("orders", "2/2");
        assertThat(statuses.edition("carts")).isEqualTo(carts);
        long written = statuses.edition("orders");
        await().during(Duration.ofSeconds(3)).until(() -> statuses.edition("orders") == written);
      }
    }
  }

  @Test
  void oneThatWasStoppedForAWhileOverwritesNothingAndFollowsFromThenOn() {
    try (ConsulServer consul = start();
        SluiceProcess one = replica(consul, "one").awaitReady()) {
      ConsulStatuses statuses = new ConsulStatuses(consul.api());
      statuses.put("orders", policy(90, 10));
      await().until(() -> !statuses.leader().isEmpty());
      String leader = statuses.leader();
      try (SluiceProcess two = replica(consul, "two").awaitReady();
          TestMesh left = mesh("left", one.xdsPort());
          TestMesh right = mesh("right", two.xdsPort())) {
        left.start(Role.SIDECAR);
        right.start(Role.SIDECAR);
        statuses.awaitProgrammed("orders", "2/2");

        one.pause();
        try {
          await()
              .atMost(TAKEN_OVER)
              .until(() -> !statuses.leader().equals(leader) && !statuses.leader().isEmpty());
          statuses.put("orders", policy(50, 50));
          statuses.awaitProgrammed("orders", "1/1");
        } finally {
          one.resume();
        }
        String other = statuses.leader();
        statuses.awaitProgrammed("orders", "2/2");
        assertThat(statuses.of("orders").at("/documents/0/status/split").asText())
            .isEqualTo("v1=50,v2=50");
        assertThat(statuses.leader()).isEqualTo(other);
        await().untilAsserted(() -> assertThat(keys(consul)).hasSize(1));
      }
    }
  }

  @Test
  void aSessionThatIsEndedByHandIsFollowedByAnother() {
    try (ConsulServer consul = start();
        SluiceProcess one = replica(consul, "one").awaitReady();
        SluiceProcess two = replica(consul, "two").awaitReady();
        TestMesh left = mesh("left", one.xdsPort());
        TestMesh right = mesh("right", two.xdsPort())) {
      ConsulStatuses statuses = new ConsulStatuses(consul.api());
      statuses.put("orders", policy(90, 10));
      left.start(Role.SIDECAR);
      right.start(Role.SIDECAR);
      statuses.awaitProgrammed("orders", "2/2");
      List<String> ended = sessions(consul);
      for (String session : ended) {
        consul.api().put("/v1/session/destroy/" + session, "");
      }
      await().untilAsserted(() -> assertThat(statuses.leader()).isNotEmpty().isNotIn(ended));
      statuses.put("orders", policy(50, 50));
      statuses.awaitProgrammed("orders", "2/2");
      await().untilAsserted(() -> assertThat(keys(consul)).hasSize(1));
    }
  }

  private static List<String> sessions(ConsulServer consul) {
    List<String> all = new ArrayList<>();
    consul.api().get("/v1/session/list").json().forEach(one -> all.add(one.path("ID").asText()));
    return all;
  }

  private static List<String> keys(ConsulServer consul) {
    ConsulReply reply = consul.api().tryGet("/v1/kv/" + ConsulStatuses.REPLICAS + "?keys");
    List<String> keys = new ArrayList<>();
    if (reply.ok()) {
      reply.json().forEach(one -> keys.add(one.asText()));
    }
    return keys;
  }

  private ConsulServer start() {
    ConsulServer consul = ConsulServer.start(folder.resolve("consul"), ConsulOptions.of("dc1"));
    consul.api().catalog().register(ConsulInstance.of("orders", "orders-1", "192.0.2.1", 8080));
    return consul;
  }

  private SluiceProcess replica(ConsulServer consul, String name) {
    return SluiceProcess.start(folder, name, ConsulStatuses.configuration(consul.address(), ""));
  }

  private TestMesh mesh(String name, int xdsPort) {
    TestMesh mesh = new TestMesh("consul-replicas-" + name, folder.resolve(name));
    mesh.connectAt(xdsPort);
    return mesh;
  }

  private static String policy(int v1, int v2) {
    return Documents.policyOf("orders", Documents.split(v1, v2));
  }
}
