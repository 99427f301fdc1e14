package dev.sluice.server.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.server.consul.ConsulAccess.Consistency;
import dev.sluice.server.consul.ConsulAccess.Scope;
import dev.sluice.server.consul.ConsulAccess.Tls;
import dev.sluice.server.consul.ConsulAccess.Token;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsulClientTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir Path folder;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private volatile Behaviour behaviour = exchange -> answer(exchange, 200, "[]");

  private interface Behaviour {
    void serve(HttpExchange exchange) throws IOException;
  }

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Consul-Token")));
          behaviour.serve(exchange);
        });
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void answer(HttpExchange exchange, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("X-Consul-Index", "42");
    exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private ConsulClient client(Token token) throws IOException {
    return new ConsulClient(
        new ConsulAccess(
            address(),
            token,
            Tls.USUAL,
            Optional.of("dc2"),
            new Scope(Optional.of("team a"), Optional.of("east")),
            Consistency.STALE));
  }

  private static ConsulException failure(ConsulClient client) throws InterruptedException {
    return failure(client.get("catalog/services", LIMIT));
  }

  private static ConsulException failure(CompletableFuture<?> asked) throws InterruptedException {
    try {
      throw new AssertionError(asked.get());
    } catch (ExecutionException e) {
      return (ConsulException) Objects.requireNonNull(e.getCause());
    }
  }

  @Test
  void aReadSaysWhereAndHowAndAfterWhat() throws Exception {
    try (ConsulClient client = client(new Token.Given("secret"))) {
      ConsulAnswer answer = client.get("kv/a?recurse", 7, Duration.ofSeconds(60)).get();
      assertThat(answer.index()).isEqualTo(42);
      assertThat(answer.filtered()).isFalse();
      assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("[]");
      client.put("session/create", Map.of("x", "y"), "{}", LIMIT).get();
      client.delete(ConsulClient.ofKey("a/b c"), LIMIT).get();
      client.delete("kv/a", Map.of("cas", "7"), LIMIT).get();
    }
    assertThat(asked)
        .containsExactly(
            "GET /v1/kv/a?recurse&dc=dc2&ns=team+a&partition=east&stale&index=7&wait=60000ms",
            "PUT /v1/session/create?dc=dc2&ns=team+a&partition=east&x=y",
            "DELETE /v1/kv/a/b%20c?dc=dc2&ns=team+a&partition=east",
            "DELETE /v1/kv/a?dc=dc2&ns=team+a&partition=east&cas=7");
    assertThat(tokens).containsOnly("secret");
  }

  @Test
  void aTokensFileIsReadForEachRequest() throws Exception {
    Path file = folder.resolve("token");
    try (ConsulClient client = client(new Token.InFile(file))) {
      assertThat(failure(client))
          .hasMessage("the token's file " + file + " cannot be read; write it");
      Files.writeString(file, "one\n");
      client.get("x", LIMIT).get();
      Files.writeString(file, "two\n");
      client.get("x", LIMIT).get();
    }
    assertThat(tokens).containsExactly("one", "two");
  }

  @Test
  void aFileThatHoldsNoTokenIsNoWayToAskAsNobody() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "\n");
    try (ConsulClient client = client(new Token.InFile(file))) {
      assertThat(failure(client))
          .hasMessage("the token's file %s holds nothing; write the token's secret ID alone", file);
      Files.writeString(file, "AccessorID: one\nSecretID: two\n");
      assertThat(failure(client))
          .hasMessage(
              "the token's file %s holds more than a token; write the token's secret ID alone",
              file);
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void nothingOfThatNameIsAnAnswer() throws Exception {
    behaviour = exchange -> answer(exchange, 404, "");
    try (ConsulClient client = client(new Token.None())) {
      assertThat(client.get("kv/none?recurse", LIMIT).get().body()).isEmpty();
    }
  }

  @Test
  void anAnswerOfNothingIsNotOneThatThereIsNothing() throws Exception {
    behaviour = exchange -> answer(exchange, 200, "");
    try (ConsulClient client = client(new Token.None())) {
      assertThat(failure(client))
          .hasMessage(
              "Consul at %s: its answer cannot be read: it is empty; see what listens there",
              address());
    }
  }

  @Test
  void thatSomethingIsLeftOutIsSeen() throws Exception {
    behaviour =
        exchange -> {
          exchange.getResponseHeaders().set("X-Consul-Results-Filtered-By-ACLs", "true");
          answer(exchange, 200, "{}");
        };
    try (ConsulClient client = client(new Token.None())) {
      assertThat(client.get("catalog/services", LIMIT).get().filtered()).isTrue();
    }
  }

  @Test
  void aRefusalSaysWhyAndWhatToDo() throws Exception {
    try (ConsulClient client = client(new Token.None())) {
      behaviour = exchange -> answer(exchange, 403, "ACL not found");
      ConsulException forbidden = failure(client);
      assertThat(forbidden.isForbidden()).isTrue();
      assertThat(forbidden)
          .hasMessage(
              "Consul at %s does not let the token do this: ACL not found (403); renew it, or grant"
                  + " it service:read, node:read and key:read",
              address());
      assertThat(failure(client.put("session/create", Map.of(), "{}", LIMIT)))
          .hasMessageEndingWith("; renew it, or grant it session:write");
      assertThat(failure(client.put("kv/a", Map.of(), "x", LIMIT)))
          .hasMessageEndingWith("; renew it, or grant it key:write");
      behaviour = exchange -> answer(exchange, 500, "No cluster leader");
      assertThat(failure(client))
          .hasMessage("Consul at %s does not serve now: No cluster leader (500)", address());
      behaviour = exchange -> answer(exchange, 429, "");
      assertThat(failure(client)).hasMessage("Consul at %s does not serve now: (429)", address());
    }
  }

  @Test
  void anAnswerThatIsCutOffIsAFailure() throws Exception {
    behaviour =
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('[');
          exchange.getResponseBody().flush();
          exchange.close();
        };
    try (ConsulClient client = client(new Token.None())) {
      assertThat(failure(client))
          .hasMessageStartingWith("Consul at " + address() + " cannot be reached: ");
    }
  }

  @Test
  void whereNothingListensIsTold() throws Exception {
    server.stop(0);
    try (ConsulClient client = client(new Token.None())) {
      assertThat(failure(client))
          .hasMessage("Consul at %s cannot be reached: nothing listens there", address());
    }
  }

  @Test
  void cancellingEndsTheRequest() throws Exception {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    behaviour =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try {
            while (!threads.isShutdown()) { // Writing fails once the other side is gone.
              exchange.getResponseBody().write(new byte[1024]);
              exchange.getResponseBody().flush();
              Thread.onSpinWait();
            }
          } catch (IOException e) {
            ended.complete(true);
            throw e;
          }
        };
    try (ConsulClient client = client(new Token.None())) {
      CompletableFuture<ConsulAnswer> answer = client.get("x", 1, Duration.ofMinutes(1));
      await().until(() -> !asked.isEmpty());
      answer.cancel(true);
      await().until(ended::isDone);
    }
  }
}
