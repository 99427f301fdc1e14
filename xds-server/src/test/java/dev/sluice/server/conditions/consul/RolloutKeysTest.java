package dev.sluice.server.conditions.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.server.conditions.KeptTexts.Writer;
import dev.sluice.server.conditions.StoreException;
import dev.sluice.server.consul.ConsulAccess;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How rollouts are kept in Consul, by what Consul is asked. */
class RolloutKeysTest {
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");
  private static final String KEY = "rollouts/shop/orders";

  private final List<JsonNode> transactions = new CopyOnWriteArrayList<>();
  private final Map<String, String> values = new TreeMap<>();
  private HttpServer server;
  private ConsulClient client;
  private SessionLock lock;
  private RolloutKeys keys;

  private volatile int index = 7;
  private volatile int refusing;
  private volatile String holder = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/session/", this::session);
    server.createContext("/v1/kv/", this::key);
    server.createContext("/v1/txn", this::transaction);
    server.start();
    client =
        new ConsulClient(
            ConsulAccess.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())));
    lock = new SessionLock(client, "lock", "us");
    keys = new RolloutKeys(client, "rollouts/", lock);
  }

  @AfterEach
  void stop() {
    keys.close();
    lock.close();
    client.close();
    server.stop(0);
  }

  private void session(HttpExchange exchange) throws IOException {
    answer(exchange, 200, "{\"ID\": \"s1\"}");
  }

  private synchronized void key(HttpExchange exchange) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    exchange.getResponseHeaders().set("X-Consul-Index", "" + index);
    if (refusing > 0) {
      answer(exchange, refusing, "Permission denied");
    } else if (query.startsWith("acquire=")) {
      holder = query.substring("acquire=".length());
      answer(exchange, 200, "true");
    } else {
      String path = exchange.getRequestURI().getPath().substring("/v1/kv/".length());
      String found =
          values.entrySet().stream()
              .filter(one -> one.getKey().startsWith(path))
              .map(RolloutKeysTest::json)
              .collect(Collectors.joining(", ", "[", "]"));
      answer(exchange, found.equals("[]") ? 404 : 200, found.equals("[]") ? "" : found);
    }
  }

  private static String json(Map.Entry<String, String> value) {
    return "{\"Key\": \"%s\", \"Value\": \"%s\", \"ModifyIndex\": 7}"
        .formatted(
            value.getKey(),
            Base64.getEncoder().encodeToString(value.getValue().getBytes(StandardCharsets.UTF_8)));
  }

  private void transaction(HttpExchange exchange) throws IOException {
    transactions.add(Calls.JSON.readTree(exchange.getRequestBody().readAllBytes()));
    boolean isLost = holder.equals("another");
    answer(
        exchange,
        isLost ? 409 : 200,
        isLost ? "{\"Errors\": [{\"What\": \"failed session check\"}]}" : "{\"Results\": []}");
  }

  private static void answer(HttpExchange exchange, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void whatIsThereIsKnownOnceItWasReadAlsoWhereThatIsNothing() {
    assertThat(keys.known()).isEmpty();
    await().until(() -> keys.known().isPresent());
    assertThat(keys.known().orElseThrow()).isEmpty();
    put(KEY, "a state");
    put("rollouts/notes", "of somebody's");
    index = 8;
    await().until(() -> keys.known().orElseThrow().equals(Map.of(ORDERS, "a state")));
  }

  private synchronized void put(String key, String value) {
    values.put(key, value);
  }

  @Test
  void whyItIsNotKnownIsToldAndWhatWasKnownStays() {
    refusing = 403;
    await().until(() -> keys.known().isEmpty() && keys.trouble().isPresent());
    assertThat(keys.trouble().orElseThrow()).contains("key:read");
    put(KEY, "a state");
    refusing = 0;
    await().until(() -> keys.known().isPresent());
    assertThat(keys.trouble()).isEmpty();
    refusing = 500;
    await()
        .until(() -> keys.known().orElseThrow().containsKey(ORDERS) && keys.trouble().isPresent());
  }

  @Test
  void theLeaderWritesByItsLockWhatItHasReadAndNothingElse() throws Exception {
    put(KEY, "before");
    assertThatThrownBy(() -> keys.write(ORDERS, "before"::equals, "next", Writer.LEADER))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("no session");
    lock.round(System.nanoTime());
    assertThat(keys.write(ORDERS, "other"::equals, "next", Writer.LEADER)).isFalse();
    assertThat(transactions).isEmpty();
    assertThat(keys.write(ORDERS, "before"::equals, "next", Writer.LEADER)).isTrue();
    assertThat(transactions.getFirst().toString())
        .isEqualTo(
            "[{\"KV\":{\"Verb\":\"check-session\",\"Key\":\"lock\",\"Session\":\"s1\"}},"
                + "{\"KV\":{\"Verb\":\"cas\",\"Key\":\"rollouts/shop/orders\",\"Index\":7,"
                + "\"Value\":\"bmV4dA==\"}}]");
    holder = "another";
    assertThat(keys.write(ORDERS, "before"::equals, "next", Writer.LEADER)).isFalse();
  }

  @Test
  void whatIsAskedOfAnyReplicaIsWrittenWithoutTheLock() throws Exception {
    assertThat(keys.write(ORDERS, String::isEmpty, "next", Writer.ANY)).isTrue();
    assertThat(transactions.getFirst()).hasSize(1);
    assertThat(transactions.getFirst().at("/0/KV/Verb").asText()).isEqualTo("cas");
    assertThat(transactions.getFirst().at("/0/KV/Index").asInt()).isZero();
  }

  @Test
  void whatIsForgottenIsRemovedAsItWasReadAndNothingWhereThereIsNothing() throws Exception {
    lock.round(System.nanoTime());
    assertThat(keys.write(ORDERS, _ -> true, "", Writer.LEADER)).isTrue();
    assertThat(transactions).isEmpty();
    put(KEY, "before");
    assertThat(keys.write(ORDERS, "before"::equals, "", Writer.LEADER)).isTrue();
    assertThat(transactions.getFirst().at("/1/KV/Verb").asText()).isEqualTo("delete-cas");
  }
}
