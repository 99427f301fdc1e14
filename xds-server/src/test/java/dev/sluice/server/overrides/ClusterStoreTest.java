package dev.sluice.server.overrides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.overrides.OverrideStore.Removal;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.InstanceOverride.Match;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterStoreTest {
  private static final Match MATCH = new Match(null, "orders-7", new TreeMap<>());
  private static final Drain DRAIN =
      new Drain(
          DrainName.of(new ServiceId("orders", "shop"), MATCH),
          "orders",
          MATCH,
          Wish.DRAIN,
          Instant.parse("2026-01-31T12:00:00Z"));
  private static final String ALL = "/apis/sluice.dev/v1/namespaces/shop/instanceoverrides";
  private static final String ONE = ALL + "/" + DRAIN.key().name();
  private static final String OBJECT =
      """
      {"apiVersion": "sluice.dev/v1", "kind": "InstanceOverride",
       "metadata": {"name": "%s", "namespace": "shop", "resourceVersion": "7",
        "creationTimestamp": "2026-01-31T11:00:00Z",
        "labels": {"sluice.dev/written-by": "drain"}},
       "spec": {"service": "orders", "match": {"pod": "orders-7"}, "state": "out", "expiresIn": "2h"}}
      """
          .formatted(DRAIN.key().name());

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile boolean there;
  private volatile int writing = 200;
  private volatile String body = "";
  private HttpServer server;
  private ClusterStore store;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withRequestRetryBackoffLimit(0)
            .build();
    store =
        new ClusterStore(
            new SourceName("kubernetes", "dc1"),
            new KubernetesClientBuilder().withConfig(config).build(),
            List.of(),
            DocumentParser.reader());
  }

  @AfterEach
  void stop() {
    store.close();
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    asked.add(method + " " + exchange.getRequestURI().getPath());
    String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    boolean isList = method.equals("GET") && exchange.getRequestURI().getPath().equals(ALL);
    if (!method.equals("GET")) {
      body = sent;
    }
    int code = method.equals("GET") ? there || isList ? 200 : 404 : writing;
    String list =
        """
        {"apiVersion": "sluice.dev/v1", "kind": "InstanceOverrideList", "metadata": {},
         "items": [%s]}
        """
            .formatted(there ? OBJECT : "");
    byte[] answer =
        (code >= 400
                ? "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"code\": " + code + "}"
                : isList ? list : OBJECT)
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  @Test
  void whereThereIsNoneItIsCreatedAndNothingIsWrittenOver() {
    store.write(DRAIN, Optional.empty(), Optional.empty());

    assertThat(asked).containsExactly("GET " + ONE, "POST " + ALL);
  }

  @Test
  void whoCreatesItAtTheSameMomentKeepsIt() {
    writing = 409;

    assertThatThrownBy(() -> store.write(DRAIN, Optional.empty(), Optional.empty()))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.why()).isEqualTo(Why.CONFLICT))
        .hasMessageContaining("somebody else wrote");
  }

  @Test
  void anOwnObjectIsChangedOnlyAsItWasReadAndLosesWhatItNoLongerSays() {
    there = true;

    store.write(DRAIN, Optional.empty(), Optional.empty());

    assertThat(asked).containsExactly("GET " + ONE, "PATCH " + ONE);
    assertThat(body)
        .contains("\"resourceVersion\":\"7\"", "\"state\":\"drain\"", "\"expiresIn\":null");
  }

  @Test
  void theDrainsOfANamespaceAreListed() {
    assertThat(store.drains("shop", List.of())).isEmpty();
    there = true;

    List<InstanceOverride> drains = store.drains("shop", List.of());

    assertThat(drains).singleElement().matches(it -> it.key().equals(DRAIN.key()));
    assertThat(drains.getFirst().expiresAt()).contains(Instant.parse("2026-01-31T13:00:00Z"));
    assertThat(drains.getFirst().origin().start())
        .hasToString("kubernetes/dc1/instanceoverrides/shop/" + DRAIN.key().name());
    assertThat(store.remove(drains.getFirst())).isEqualTo(Removal.REMOVED);
    there = false;
    assertThat(store.remove(drains.getFirst())).isEqualTo(Removal.GONE_ALREADY);
  }
}
