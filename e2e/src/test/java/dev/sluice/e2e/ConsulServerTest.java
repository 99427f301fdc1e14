package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Consul that the other tests run against is a real one. */
@NeedsConsul
class ConsulServerTest {
  private static final String ROOT = "6a2e4a5c-3b1f-4c59-8f0e-1d2c3b4a5968";
  private static final String HEALTH = "/v1/health/service/orders";
  private static final ConsulInstance ORDERS =
      ConsulInstance.of("orders", "orders-1", "10.244.0.1", 8080)
          .withTags("blue")
          .withMeta(Map.of("version", "v2"))
          .withWeights(10, 3);

  @TempDir Path folder;

  @BeforeEach
  void patience() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
  }

  @Test
  void anInstanceOfTheCatalogIsThereAsItWasRegistered() {
    try (ConsulServer consul = ConsulServer.start(folder, ConsulOptions.of("north"))) {
      consul.api().catalog().register(ORDERS);

      JsonNode entry = consul.api().get(HEALTH).json().get(0);
      assertThat(entry.at("/Node/Node").asText()).isEqualTo("node-orders-1");
      assertThat(entry.at("/Node/Datacenter").asText()).isEqualTo("north");
      assertThat(entry.at("/Service/Address").asText()).isEqualTo("10.244.0.1");
      assertThat(entry.at("/Service/Port").asInt()).isEqualTo(8080);
      assertThat(entry.at("/Service/Tags/0").asText()).isEqualTo("blue");
      assertThat(entry.at("/Service/Meta/version").asText()).isEqualTo("v2");
      assertThat(entry.at("/Service/Weights/Passing").asInt()).isEqualTo(10);
      assertThat(entry.at("/Service/Weights/Warning").asInt()).isEqualTo(3);
      assertThat(statuses(consul.api())).containsExactly("service:orders-1=passing");
    }
  }

  @Test
  void aBlockingQueryIsAnsweredWhenTheHealthChanges() {
    try (ConsulServer consul = ConsulServer.start(folder, ConsulOptions.of("north"))) {
      ConsulApi api = consul.api();
      api.catalog().register(ORDERS);
      assertThat(next(api, () -> api.catalog().setStatus(ORDERS, ConsulStatus.CRITICAL)))
          .containsExactly("service:orders-1=critical");
      assertThat(
              next(
                  api,
                  () ->
                      api.catalog()
                          .setNodeStatus(
                              ORDERS.node(), "_node_maintenance", ConsulStatus.CRITICAL)))
          .containsExactlyInAnyOrder("_node_maintenance=critical", "service:orders-1=critical");
      assertThat(next(api, () -> api.catalog().deregisterCheck(ORDERS.node(), "_node_maintenance")))
          .containsExactly("service:orders-1=critical");
      assertThat(next(api, () -> api.catalog().deregister(ORDERS))).isEmpty();
      assertThat(api.get("/v1/catalog/node/" + ORDERS.node()).json().has("Node")).isTrue();
      api.catalog().deregisterNode(ORDERS.node());
      assertThat(api.get("/v1/catalog/node/" + ORDERS.node()).json().isNull()).isTrue();
    }
  }

  @Test
  void anAgentTellsTheCatalogHowItsInstancesAre() {
    try (ConsulServer consul = ConsulServer.start(folder, ConsulOptions.of("north"))) {
      ConsulAgent agent = consul.api().agent();
      agent.register(ORDERS, Duration.ofMinutes(1));
      awaitStatuses(consul, "serfHealth=passing", "service:orders-1=passing");
      agent.setStatus(ORDERS, ConsulStatus.WARNING);
      awaitStatuses(consul, "serfHealth=passing", "service:orders-1=warning");
      agent.setStatus(ORDERS, ConsulStatus.CRITICAL);
      awaitStatuses(consul, "serfHealth=passing", "service:orders-1=critical");
      agent.setStatus(ORDERS, ConsulStatus.PASSING);
      agent.startMaintenance(ORDERS);
      awaitStatuses(
          consul,
          "serfHealth=passing",
          "service:orders-1=passing",
          "_service_maintenance:orders-1=critical");
      agent.endMaintenance(ORDERS);
      agent.startMaintenance();
      awaitStatuses(
          consul, "serfHealth=passing", "service:orders-1=passing", "_node_maintenance=critical");
      agent.endMaintenance();
      awaitStatuses(consul, "serfHealth=passing", "service:orders-1=passing");
      agent.deregister(ORDERS);
      awaitStatuses(consul);
    }
  }

  @Test
  void anInstanceThatItsAgentHearsNothingOfTurnsCritical() {
    try (ConsulServer consul = ConsulServer.start(folder, ConsulOptions.of("north"))) {
      consul.api().agent().register(ORDERS, Duration.ofSeconds(1));
      awaitStatuses(consul, "serfHealth=passing", "service:orders-1=critical");
    }
  }

  @Test
  void whatIsWrittenOutlivesAKill() {
    try (ConsulServer consul = ConsulServer.start(folder, ConsulOptions.of("north"))) {
      consul.api().catalog().register(ORDERS);
      consul.api().putKey("policies/orders", "retries: 2");
      consul.kill();
      assertThat(consul.api().tryGet(HEALTH).status()).isZero();
      consul.start();

      assertThat(statuses(consul.api())).containsExactly("service:orders-1=passing");
      assertThat(consul.api().getKey("policies/orders")).contains("retries: 2");
      consul.api().deleteKey("policies/orders");
      assertThat(consul.api().getKey("policies/orders")).isEmpty();
    }
  }

  @Test
  void aPausedServerAnswersOnceItGoesOn() {
    try (ConsulServer consul = ConsulServer.start(folder, ConsulOptions.of("north"))) {
      consul.api().putKey("a", "1");
      consul.pause();
      var answer = CompletableFuture.supplyAsync(() -> consul.api().getKey("a"));
      assertThat(answer.completeOnTimeout(null, 500, TimeUnit.MILLISECONDS))
          .succeedsWithin(Duration.ofSeconds(5))
          .isNull();
      consul.resume();
      await().until(() -> consul.api().tryGet("/v1/kv/a?raw").body().equals("1"));
    }
  }

  @Test
  void whoHasNoTokenSeesNothing() {
    ConsulOptions settings = ConsulOptions.of("north").withAcls(ROOT);
    try (ConsulServer consul = ConsulServer.start(folder, settings)) {
      ConsulApi root = consul.api();
      root.catalog().register(ORDERS);
      root.putKey("a", "1");
      ConsulApi nobody = root.withToken("");
      assertThat(statuses(nobody)).isEmpty();
      assertThat(nobody.tryGet("/v1/kv/a").status()).isEqualTo(403);
      assertThat(nobody.tryPut("/v1/kv/a", "2").status()).isEqualTo(403);

      ConsulApi.Token token =
          root.createToken(
              "reader",
              "service_prefix \"\" { policy = \"read\" } node_prefix \"\" { policy = \"read\" }");
      ConsulApi reader = root.withToken(token.secret());
      assertThat(statuses(reader)).containsExactly("service:orders-1=passing");
      assertThat(reader.tryGet("/v1/kv/a").status()).isEqualTo(403);
      root.deleteToken(token);
      await().until(() -> reader.tryGet(HEALTH).status() == 403);
      assertThat(reader.tryGet(HEALTH).body()).contains("ACL not found");
    }
  }

  @Test
  void threeServersElectAnotherLeaderWhenTheirsIsKilled() {
    try (ConsulCluster cluster = ConsulCluster.start(folder, ConsulOptions.of("north"), 3)) {
      ConsulServer killed = cluster.killLeader();
      ConsulServer leader = cluster.leader();
      assertThat(leader).isNotSameAs(killed);
      leader.api().catalog().register(ORDERS);
      killed.start();
      await().until(() -> statuses(killed.api()).equals(List.of("service:orders-1=passing")));
      assertThat(cluster.leader()).isSameAs(leader);
    }
  }

  @Test
  void federatedDataCentresSeeEachOthersCatalog() {
    try (ConsulServer north =
            ConsulServer.start(folder.resolve("north"), ConsulOptions.of("north"));
        ConsulServer south =
            ConsulServer.start(
                folder.resolve("south"), ConsulOptions.of("south").federatedWith(north))) {
      north.api().catalog().register(ORDERS);
      ConsulApi northOfSouth = south.api().inDatacenter("north");
      await().until(() -> northOfSouth.tryGet(HEALTH).ok());
      assertThat(statuses(northOfSouth)).containsExactly("service:orders-1=passing");
      assertThat(statuses(south.api())).isEmpty();
      await().until(() -> north.api().inDatacenter("south").tryGet(HEALTH).ok());
      north.kill();
      await().until(() -> northOfSouth.tryGet(HEALTH).status() == 500);
      north.start();
      await().until(() -> northOfSouth.tryGet(HEALTH).ok());
    }
  }

  @Test
  void oneAddressHasNoMoreConnectionsThanTheLimit() throws Exception {
    ConsulOptions settings = ConsulOptions.of("north").withMaxConnectionsPerClient(5);
    try (ConsulServer consul = ConsulServer.start(folder, settings)) {
      List<Socket> sockets = new ArrayList<>();
      try {
        for (int i = 0; i <= 5; i++) {
          sockets.add(new Socket(InetAddress.getLoopbackAddress(), consul.ports().http()));
        }
        Socket last = sockets.getLast();
        last.setSoTimeout(10_000);
        assertThat(new String(last.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
            .isEqualTo("HTTP/1.1 429");
      } finally {
        for (Socket socket : sockets) {
          socket.close();
        }
      }
    }
  }

  /** What a query that has seen all so far is answered once something has been done. */
  private static List<String> next(ConsulApi api, Runnable what) {
    long index = api.get(HEALTH).index();
    var answer = CompletableFuture.supplyAsync(() -> api.getAfter(HEALTH, index));
    what.run();
    ConsulReply reply = answer.join();
    assertThat(reply.index()).isGreaterThan(index);
    return statuses(reply);
  }

  private static void awaitStatuses(ConsulServer consul, String... statuses) {
    await()
        .untilAsserted(
            () -> assertThat(statuses(consul.api())).containsExactlyInAnyOrder(statuses));
  }

  private static List<String> statuses(ConsulApi api) {
    return statuses(api.get(HEALTH));
  }

  private static List<String> statuses(ConsulReply reply) {
    return reply.json().findValues("Checks").stream()
        .flatMap(JsonNode::valueStream)
        .map(check -> check.get("CheckID").asText() + "=" + check.get("Status").asText())
        .toList();
  }
}
