package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Routes that answer, send elsewhere, ask for something else, or have times and tries of their own.
 */
@NeedsEnvoy
class RouteActionsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void aRouteAnswersByItself(Role role) {
    try (TestMesh mesh = new TestMesh("respond", folder)) {
      TestBackend backend = mesh.backend("v1", "a");
      mesh.saveOrders(backend);
      mesh.savePolicy(
          """
          routes:
            - name: robots
              match: [{path: {exact: /robots.txt}}]
              respond: {status: 200, body: "Disallow: /"}
            - name: closed
              match: [{path: {prefix: /admin}}]
              respond: {status: 404}
          """);
      mesh.start(role);
      TrafficClient client = mesh.client(role);

      Answer robots = client.at("/robots.txt").once();
      assertThat(robots.status()).isEqualTo(200);
      assertThat(robots.body()).isEqualTo("Disallow: /");
      assertThat(robots.headers()).containsEntry("content-type", "text/plain");
      assertThat(client.at("/admin/users").once().status()).isEqualTo(404);
      assertThat(backend.requests()).isZero();
      assertThat(client.at("/administrator").once().version()).isEqualTo("v1");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void aRouteSendsTheCallerElsewhere(Role role) {
    try (TestMesh mesh = new TestMesh("redirect", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"));
      mesh.savePolicy(
          """
          routes:
            - name: https
              match: [{headers: [{name: x-plain, present: true}]}]
              redirect: {scheme: https, code: 308}
            - name: host
              match: [{path: {exact: /host}}]
              redirect: {host: other.example.com, port: 8443, path: /start, stripQuery: true, code: 302}
            - name: moved
              match: [{path: {prefix: /old}}]
              redirect: {prefix: /new}
            - name: up
              match: [{path: {prefix: /up}}]
              redirect: {prefix: /, code: 303}
            - name: items
              match: [{path: {prefix: /items}}]
              redirect: {regex: {pattern: "^/items/([0-9]+)$", substitution: "/item/\\\\1"}, code: 307}
          """);
      mesh.start(role);
      TrafficClient client = mesh.client(role);
      String host = TestMesh.host(role);

      assertRedirect(client.with("x-plain", "1").at("/a?b=c"), 308, "https://" + host + "/a?b=c");
      assertRedirect(client.at("/host?b=c"), 302, "http://other.example.com:8443/start");
      assertRedirect(client.at("/old"), 301, "http://" + host + "/new");
      assertRedirect(client.at("/old/a?b=c"), 301, "http://" + host + "/new/a?b=c");
      assertRedirect(client.at("/up"), 303, "http://" + host + "/");
      assertRedirect(client.at("/up/a"), 303, "http://" + host + "/a");
      assertRedirect(client.at("/items/17"), 307, "http://" + host + "/item/17");
      assertThat(client.at("/older").once().version()).isEqualTo("v1");
    }
  }

  private static void assertRedirect(TrafficClient client, int status, String location) {
    Answer answer = client.once();
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.headers()).containsEntry("location", location);
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void aRouteAsksTheServiceForSomethingElse(Role role) {
    try (TestMesh mesh = new TestMesh("rewrite", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(
          Documents.split(100, 0)
              + """
              routes:
                - name: api
                  match: [{path: {prefix: /api/v2}}, {path: {exact: /api/latest}}]
                  to: {version: v2}
                  rewrite: {prefix: /v2, host: "internal.example.com:8080"}
                - name: stripped
                  match: [{path: {prefix: /orders}}]
                  rewrite: {prefix: /}
                - name: nested
                  match: [{headers: [{name: x-nested, present: true}]}]
                  rewrite: {prefix: /nested}
                - name: whole
                  match: [{path: {prefix: /any}}]
                  rewrite: {path: /one}
                - name: parts
                  match: [{path: {regex: "/service/.*"}}]
                  rewrite: {regex: {pattern: "^/service/([^/]+)(/.*)$", substitution: "\\\\2/of/\\\\1"}}
              """);
      mesh.start(role);
      TrafficClient client = mesh.client(role);

      Answer api = client.at("/api/v2/a?b=c").once();
      assertThat(api.body()).isEqualTo("v2 b GET /v2/a?b=c HTTP/1.1\n");
      assertThat(api.headers()).containsEntry(TestBackend.HOST_HEADER, "internal.example.com:8080");
      assertAsked(client.at("/api/latest?b=c"), "/v2?b=c");
      assertAsked(client.at("/orders"), "/");
      assertAsked(client.at("/orders/7?b=c"), "/7?b=c");
      assertAsked(client.with("x-nested", "1").at("/a"), "/nested/a");
      assertAsked(client.at("/any/thing?b=c"), "/one?b=c");
      assertAsked(client.at("/service/foo/v1/api?b=c"), "/v1/api/of/foo?b=c");
      assertAsked(client.at("/other"), "/other");
    }
  }

  private static void assertAsked(TrafficClient client, String path) {
    assertThat(client.once().body()).endsWith(" GET " + path + " HTTP/1.1\n");
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void aRouteHasTimesAndTriesOfItsOwn(Role role) {
    try (TestMesh mesh = new TestMesh("route-retry", folder)) {
      TestBackend backend = mesh.backend("v1", "a");
      mesh.saveOrders(backend);
      mesh.savePolicy(
          """
          circuitBreaker: {outlier: {consecutiveErrors: 0}}
          timeouts: {request: 10s}
          retry: {attempts: 2, retryOn: ["503"]}
          routes:
            - name: once
              match: [{path: {prefix: /once}}]
              retry: {attempts: 0}
            - name: more
              match: [{path: {prefix: /more}}]
              retry: {attempts: 4}
            - name: short
              match: [{path: {prefix: /short}}]
              timeouts: {request: 300ms}
          """);
      mesh.start(role);
      TrafficClient client = mesh.client(role);

      backend.answerWith(503);
      assertThat(tries(backend, client.at("/"))).isEqualTo(3);
      assertThat(tries(backend, client.at("/once"))).isEqualTo(1);
      assertThat(tries(backend, client.at("/more"))).isEqualTo(5);
      backend.hold();
      Answer cut = client.at("/short").once();
      assertThat(cut.status()).isEqualTo(504);
      assertThat(Duration.ofNanos(cut.doneNanos() - cut.sentNanos()))
          .isBetween(Duration.ofMillis(250), Duration.ofSeconds(3));
    }
  }

  private static int tries(TestBackend backend, TrafficClient client) {
    int before = backend.requests();
    assertThat(client.once().status()).isEqualTo(503);
    return backend.requests() - before;
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void aRouteIsHashedByWhatItSays(Role role) {
    try (TestMesh mesh = new TestMesh("route-hash", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v1", "b"), mesh.backend("v1", "c"));
      mesh.savePolicy(
          """
          loadBalancer: {type: ConsistentHash, hash: [{header: x-user-id}]}
          routes:
            - name: carts
              match: [{path: {prefix: /carts}}]
              hash: [{query: cart}]
          """);
      mesh.start(role);
      TrafficClient client = mesh.client(role);
      Set<String> ofUsers = new HashSet<>();
      Set<String> ofCarts = new HashSet<>();
      Set<String> ofOneCart = new HashSet<>();

      for (int i = 0; i < 40; i++) {
        TrafficClient user = client.with("x-user-id", "user-" + i);
        ofUsers.add(user.once().instance());
        ofCarts.add(client.with("x-user-id", "one").at("/carts?cart=" + i).once().instance());
        ofOneCart.add(user.at("/carts?cart=7").once().instance());
      }

      assertThat(client.with("x-user-id", "one").send(40).instances()).hasSize(1);
      assertThat(ofUsers).hasSize(3);
      assertThat(ofCarts).hasSize(3);
      assertThat(ofOneCart).hasSize(1);
    }
  }

  @Test
  void aGrpcClientFailsOnARouteThatAnswersByItselfAndKeepsTheOthers() throws Exception {
    try (TestMesh mesh = new TestMesh("grpc-respond", folder);
        GrpcBackend backend = GrpcBackend.start("v1")) {
      mesh.saveOrders(backend);
      String routes =
          """
          protocol: grpc
          routes:
            - name: closed
              match: [{path: {prefix: /%s}}]
              respond: {status: 404}
            - name: moved
              match: [{path: {prefix: /moved}}]
              redirect: {path: /elsewhere}
          """;
      mesh.savePolicy(routes.formatted("shop.Admin"));
      try (GrpcCalls calls = GrpcCalls.proxyless(mesh.grpcBootstrap(), "orders.shop")) {
        Awaitility.await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> calls.call(1).failures().isEmpty());
        assertThat(calls.call(10).failures()).isEmpty();
      }

      mesh.savePolicy(routes.formatted("sluice.test.Versions"));
      try (GrpcCalls calls = GrpcCalls.proxyless(mesh.grpcBootstrap(), "orders.shop")) {
        int unavailable = 500 + Status.Code.UNAVAILABLE.value();
        Awaitility.await().until(() -> !calls.call(1).failures().isEmpty());
        assertThat(calls.call(10).statuses()).containsOnlyKeys(unavailable);
      }
    }
  }
}
