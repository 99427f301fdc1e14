package dev.sluice.server.overrides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.consul.ConsulAccess;
import dev.sluice.server.consul.ConsulAccess.Consistency;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.overrides.OverrideStore.Removal;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.InstanceOverride.Match;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsulStoreTest {
  private static final Match MATCH = new Match("10.0.0.7", null, new TreeMap<>());
  private static final Drain DRAIN =
      new Drain(
          DrainName.of(new ServiceId("orders", "shop"), MATCH),
          "orders",
          MATCH,
          Wish.DRAIN,
          Instant.EPOCH);
  private static final String KEY = "my policies/overrides/shop/" + DRAIN.key().name() + ".yaml";
  private static final String PATH = "/v1/kv/" + KEY.replace(" ", "%20");

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Optional<String> value = Optional.empty();
  private volatile boolean changing;
  private volatile boolean forbidding;
  private HttpServer server;
  private ConsulStore store;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    store = store(ConsulAccess.of(address));
  }

  private static ConsulStore store(ConsulAccess access) throws IOException {
    return new ConsulStore(
        new SourceName("consul", "dc1"),
        new ConsulClient(access),
        "my policies/",
        DocumentParser.reader());
  }

  @AfterEach
  void stop() {
    store.close();
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    asked.add(method + " " + exchange.getRequestURI());
    exchange.getResponseHeaders().set("X-Consul-Index", "42");
    if (!method.equals("GET")) {
      answer(exchange, forbidding ? 403 : 200, changing ? "false" : "true");
    } else if (value.isEmpty()) {
      answer(exchange, 404, "");
    } else {
      String base64 =
          Base64.getEncoder().encodeToString(value.get().getBytes(StandardCharsets.UTF_8));
      answer(
          exchange,
          200,
          "[{\"Key\": \"" + KEY + "\", \"ModifyIndex\": 17, \"Value\": \"" + base64 + "\"}]");
    }
  }

  private static void answer(HttpExchange exchange, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void aNewKeyIsWrittenWhereThereIsNone() {
    store.write(DRAIN, Optional.empty(), Optional.empty());

    assertThat(asked).containsExactly("GET " + PATH + "?consistent", "PUT " + PATH + "?cas=0");
    assertThat(store.place(DRAIN.key(), Optional.empty(), Optional.empty())).isEqualTo(KEY);
  }

  @Test
  void anOwnKeyIsReplacedAndRemovedAsItWasRead() {
    value = Optional.of(DRAIN.yaml());

    store.write(DRAIN, Optional.of(read()), Optional.empty());
    assertThat(store.remove(read())).isEqualTo(Removal.REMOVED);

    assertThat(asked).contains("PUT " + PATH + "?cas=17", "DELETE " + PATH + "?cas=17");
  }

  @Test
  void aKeyThatIsGoneAlreadyNeedsNoRemoval() {
    assertThat(store.remove(read())).isEqualTo(Removal.GONE_ALREADY);

    assertThat(asked).containsExactly("GET " + PATH + "?consistent");
  }

  @Test
  void whatWasReadIsAskedOfTheLeaderThoughTheSourceMayBeTakenStale() throws IOException {
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    ConsulAccess usual = ConsulAccess.of(address);
    ConsulAccess access =
        new ConsulAccess(
            address,
            usual.token(),
            usual.tls(),
            usual.datacenter(),
            usual.scope(),
            Consistency.STALE);
    try (ConsulStore stale = store(access)) {
      stale.remove(read());
    }

    assertThat(asked).containsExactly("GET " + PATH + "?consistent");
  }

  @Test
  void theDrainsOfANamespaceAreReadAtOnceWhateverTheSourceKnows() {
    assertThat(store.drains("shop", List.of())).isEmpty();
    value = Optional.of(DRAIN.yaml());

    assertThat(store.drains("shop", List.of())).singleElement().isEqualTo(read());
    assertThat(asked).containsOnly("GET /v1/kv/my%20policies/overrides/shop/?recurse&consistent");
    assertThat(store.drains("edge", List.of())).isEmpty();
  }

  @Test
  void whatPeopleMadeTheirOwnIsNoDrain() {
    value = Optional.of(DRAIN.yaml().replace("written-by: drain", "written-by: anna"));

    assertThat(store.drains("shop", List.of())).isEmpty();
  }

  @Test
  void whatSomebodyElseWritesMeanwhileIsNotLost() {
    changing = true;

    assertThatThrownBy(() -> store.write(DRAIN, Optional.empty(), Optional.empty()))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.why()).isEqualTo(Why.CONFLICT))
        .hasMessageContaining("somebody else wrote the key " + KEY);
  }

  @Test
  void aKeyThatPeopleMadeTheirOwnIsLeftAlone() {
    value = Optional.of(DRAIN.yaml().replace("written-by: drain", "written-by: anna"));

    assertThatThrownBy(() -> store.write(DRAIN, Optional.empty(), Optional.empty()))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("consul/dc1/" + KEY + " was written or edited by hand");
    assertThat(asked).containsExactly("GET " + PATH + "?consistent");
  }

  @Test
  void aTokenThatMayNotIsToldWhatItNeeds() {
    forbidding = true;

    assertThatThrownBy(() -> store.write(DRAIN, Optional.empty(), Optional.empty()))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("cannot write the key " + KEY)
        .hasMessageContaining("grant it key:read and key:write on my policies/");
  }

  /** As the source has read it. */
  private static InstanceOverride read() {
    return (InstanceOverride) MemoryStore.read("consul/dc1/" + KEY, DRAIN.yaml());
  }
}
