package dev.sluice.server.conditions.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.server.consul.ConsulAccess;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.consul.ConsulException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether a server may take itself for the one whose session holds the lock. */
class SessionLockTest {
  private static final long LEADS = SessionLock.LEADS.toNanos();

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private ConsulClient client;
  private SessionLock lock;

  /** Consul's state: which session is alive, who holds the lock, and how it refuses sessions. */
  private volatile String alive = "";

  private volatile String holder = "";
  private volatile int refusing;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/session/", this::session);
    server.createContext("/v1/kv/", this::key);
    server.start();
    client =
        new ConsulClient(
            ConsulAccess.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())));
    lock = new SessionLock(client, "lock", "us");
  }

  @AfterEach
  void stop() {
    lock.close();
    client.close();
    server.stop(0);
  }

  private void session(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(path);
    String id = path.substring(path.lastIndexOf('/') + 1);
    if (refusing > 0) {
      answer(exchange, refusing, "No cluster leader");
    } else if (id.equals("create")) {
      alive = "s" + asked.stream().filter(path::equals).count();
      answer(exchange, 200, "{\"ID\": \"" + alive + "\"}");
    } else {
      answer(exchange, id.equals(alive) ? 200 : 404, "[]");
    }
  }

  private void key(HttpExchange exchange) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    exchange.getResponseHeaders().set("X-Consul-Index", "1");
    if (query.startsWith("acquire=")) {
      boolean free = holder.isEmpty();
      holder = free ? query.substring("acquire=".length()) : holder;
      answer(exchange, 200, Boolean.toString(free));
    } else if (holder.isEmpty()) {
      answer(exchange, 404, "");
    } else {
      answer(exchange, 200, "[{\"Key\": \"lock\", \"Session\": \"" + holder + "\"}]");
    }
  }

  private static void answer(HttpExchange exchange, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void itLeadsFromTheBeginningOfARoundAndForLessThanTheSessionLives() throws Exception {
    assertThat(lock.isLeader(0)).isFalse();
    lock.round(0);
    assertThat(lock.isLeader(LEADS - 1)).isTrue();
    assertThat(lock.isLeader(LEADS)).isFalse();
    assertThat(SessionLock.LEADS.plus(Calls.REQUEST)).isLessThanOrEqualTo(Sessions.TTL);

    lock.round(LEADS);
    assertThat(lock.isLeader(LEADS)).isTrue();
    assertThat(asked).containsExactly("/v1/session/create", "/v1/session/renew/s1");
  }

  @Test
  void itFollowsWhileAnotherHoldsAndLeadsWhenThatOneIsGone() throws Exception {
    holder = "theirs";
    lock.round(0);
    assertThat(lock.isLeader(0)).isFalse();
    assertThat(lock.isFollower(0)).isTrue();
    assertThat(lock.isFollower(LEADS)).as("as far as is known").isFalse();
    holder = "";
    lock.round(LEADS);
    assertThat(lock.isLeader(LEADS)).isTrue();
    assertThat(lock.isFollower(LEADS)).isFalse();
  }

  @Test
  void aSessionThatIsGoneIsFollowedByAnotherWhichHoldsNothingYet() throws Exception {
    lock.round(0);
    alive = "";
    holder = "theirs";
    lock.round(1);
    assertThat(lock.session()).contains("s2");
    assertThat(lock.isLeader(1)).isFalse();
    assertThat(lock.isFollower(1)).isTrue();
  }

  @Test
  void whatConsulDoesNotAnswerChangesNothingUntilTheTimeIsOver() throws Exception {
    lock.round(0);
    refusing = 500;
    assertThatThrownBy(() -> lock.round(1)).isInstanceOf(ConsulException.class);
    assertThat(lock.isLeader(LEADS - 1)).isTrue();
    assertThat(lock.isLeader(LEADS)).isFalse();
    assertThat(lock.session()).contains("s1");
    refusing = 0;
    lock.round(LEADS);
    assertThat(lock.isLeader(LEADS)).isTrue();
  }

  @Test
  void closingEndsTheSession() throws Exception {
    lock.round(0);
    lock.close();
    assertThat(lock.isLeader(0)).isFalse();
    assertThat(asked).endsWith("/v1/session/destroy/s1");
  }
}
