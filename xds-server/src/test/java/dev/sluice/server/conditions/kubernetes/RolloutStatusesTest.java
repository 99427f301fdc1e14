package dev.sluice.server.conditions.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.server.conditions.KeptTexts.Writer;
import dev.sluice.server.conditions.StoreException;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How rollouts are kept in statuses, by what an API server is asked. */
class RolloutStatusesTest {
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");
  private static final String PATH = "/apis/sluice.dev/v1/namespaces/shop/trafficpolicies";

  private final List<String> patches = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private KubernetesClient client;
  private RolloutStatuses statuses;

  /** {@code status.rollout} of the policy; empty for none. */
  private volatile String stands = "";

  private volatile boolean isThere = true;
  private final AtomicInteger version = new AtomicInteger(5);
  private final AtomicInteger conflicts = new AtomicInteger();
  private volatile int refusing;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withRequestRetryBackoffLimit(0)
            .build();
    client = new KubernetesClientBuilder().withConfig(config).build();
    statuses =
        new RolloutStatuses(
            client, List.of("shop"), () -> Optional.of(new TreeMap<>(Map.of(ORDERS, "watched"))));
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (refusing > 0) {
      answer(exchange, refusing, failure(refusing, "Forbidden"));
    } else if (exchange.getRequestMethod().equals("PATCH")) {
      assertThat(path).isEqualTo(PATH + "/orders/status");
      String query = exchange.getRequestURI().getQuery();
      assertThat(query).contains("fieldManager=sluice-rollouts", "force=true");
      patches.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      if (conflicts.getAndDecrement() > 0) {
        version.incrementAndGet();
        answer(exchange, 409, failure(409, "Conflict"));
      } else {
        answer(exchange, 200, policy());
      }
    } else if (path.equals(PATH)) {
      answer(
          exchange,
          200,
          "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"metadata\": {}, \"items\": [%s]}"
              .formatted(policy()));
    } else {
      answer(exchange, isThere ? 200 : 404, isThere ? policy() : failure(404, "NotFound"));
    }
  }

  private String policy() {
    return """
    {"apiVersion": "sluice.dev/v1", "kind": "TrafficPolicy",
     "metadata": {"name": "orders", "namespace": "shop", "resourceVersion": "%d"},
     "status": {"split": "v1=1"%s}}
    """
        .formatted(version.get(), stands.isEmpty() ? "" : ", \"rollout\": " + stands);
  }

  private static String failure(int code, String reason) {
    return "{\"kind\": \"Status\", \"status\": \"Failure\", \"reason\": \"%s\", \"code\": %d}"
        .formatted(reason, code);
  }

  private static void answer(HttpExchange exchange, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void whatIsKnownIsWhatTheSourceWatchesAndWhatIsReadIsAsked() throws Exception {
    assertThat(statuses.known().orElseThrow()).containsEntry(ORDERS, "watched");
    assertThat(statuses.read()).isEmpty();
    stands = "{\"serial\": 3}";
    assertThat(statuses.read()).isEqualTo(Map.of(ORDERS, "{\"serial\":3}"));
  }

  @Test
  void itIsAppliedToTheVersionThatWasReadAndAloneOfTheStatus() throws Exception {
    assertThat(statuses.write(ORDERS, String::isEmpty, "{\"serial\": 1}", Writer.LEADER)).isTrue();
    assertThat(patches).hasSize(1);
    assertThat(patches.getFirst())
        .contains("\"resourceVersion\":\"5\"", "\"status\":{\"rollout\":{\"serial\":1}}");
  }

  @Test
  void nothingIsWrittenOverWhatIsNotExpected() throws Exception {
    stands = "{\"serial\": 4}";
    assertThat(statuses.write(ORDERS, String::isEmpty, "{\"serial\": 1}", Writer.LEADER)).isFalse();
    assertThat(patches).isEmpty();
  }

  @Test
  void afterAConflictItIsReadAnewAndOnlyWrittenIfItStandsAsBefore() throws Exception {
    conflicts.set(1);
    assertThat(statuses.write(ORDERS, String::isEmpty, "{\"serial\": 1}", Writer.LEADER)).isTrue();
    assertThat(patches).hasSize(2);
    assertThat(patches.getLast()).contains("\"resourceVersion\":\"6\"");
    conflicts.set(1000);
    assertThat(statuses.write(ORDERS, String::isEmpty, "{\"serial\": 1}", Writer.LEADER)).isFalse();
  }

  @Test
  void itIsTakenAwayByApplyingNothingAndGoesWithItsPolicy() throws Exception {
    stands = "{\"serial\": 4}";
    assertThat(statuses.write(ORDERS, _ -> true, "", Writer.LEADER)).isTrue();
    assertThat(patches.getFirst()).contains("\"status\":{}");
    isThere = false;
    assertThat(statuses.write(ORDERS, _ -> true, "", Writer.LEADER)).isTrue();
    assertThat(statuses.write(ORDERS, _ -> true, "{}", Writer.LEADER)).isFalse();
    assertThat(patches).hasSize(1);
  }

  @Test
  void aMissingPermissionIsNamed() {
    refusing = 403;
    assertThatThrownBy(() -> statuses.write(ORDERS, _ -> true, "{}", Writer.LEADER))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("patch on trafficpolicies/status");
    assertThatThrownBy(statuses::read).hasMessageContaining("get and list on trafficpolicies");
  }
}
