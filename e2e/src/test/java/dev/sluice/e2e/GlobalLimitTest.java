package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import dev.sluice.problem.Problem;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Limits that a service counts for all gateways together. The service has no other configuration
 * than the one that the control plane gives for it.
 */
@NeedsEnvoy
class GlobalLimitTest {
  @TempDir Path folder;
  @TempDir Path other;

  @Test
  void allGatewaysOfADomainTogetherLetAsManyRequestsThroughAsTheLimitSays() {
    try (RateLimiter limiter = RateLimiter.start();
        TestMesh east = new TestMesh("global-limit-east", folder);
        TestMesh west = new TestMesh("global-limit-west", other)) {
      for (TestMesh mesh : new TestMesh[] {east, west}) {
        edge(mesh, limiter, ", domain: all");
        mesh.savePolicy("rateLimit: {global: [{name: all, requests: 10, per: 1m}]}");
        stock(mesh, "");
        mesh.start(Role.GATEWAY);
      }
      assertThat(files(east)).isEqualTo(files(west)).containsOnlyKeys("all");
      limiter.configure(files(east).values());

      assertThat(east.client(Role.GATEWAY).send(7).statuses()).isEqualTo(Map.of(200, 7L));
      assertThat(west.client(Role.GATEWAY).send(7, 1).statuses())
          .isEqualTo(Map.of(200, 3L, 429, 4L));
      Answer over = east.client(Role.GATEWAY).once();
      assertThat(over.status()).isEqualTo(429);
      assertThat(over.headers()).containsEntry("x-envoy-ratelimited", "true");
      int asked = limiter.asked();
      assertThat(stock(east, 20).statuses()).as("another service").isEqualTo(Map.of(200, 20L));
      assertThat(limiter.asked()).isEqualTo(asked);

      limiter.advance(Duration.ofMinutes(1));
      assertThat(west.client(Role.GATEWAY).send(12, 1).statuses())
          .isEqualTo(Map.of(200, 10L, 429, 2L));
    }
  }

  @Test
  void eachValueOfAKeyHasACountOfItsOwnAndThoseWithoutShareOne() {
    try (RateLimiter limiter = RateLimiter.start();
        TestMesh mesh = new TestMesh("global-limit-keys", folder)) {
      edge(mesh, limiter, "");
      mesh.savePolicy(
          """
          rateLimit:
            global:
              - {name: user, key: [{header: X-User}, {query: tenant}], requests: 3, per: 1h}
              - {name: fleet, requests: 24, per: 24h}
          """);
      start(mesh, limiter);
      TrafficClient client = mesh.client(Role.GATEWAY);
      TrafficClient alice = client.with("x-user", "alice");
      Map<Integer, Long> three = Map.of(200, 3L, 429, 2L);

      assertThat(alice.send(5, 1).statuses()).isEqualTo(three);
      assertThat(client.with("x-user", "bob").send(5, 1).statuses()).isEqualTo(three);
      assertThat(client.send(5, 1).statuses()).as("without either").isEqualTo(three);
      assertThat(alice.at("/?tenant=a").send(5, 1).statuses()).isEqualTo(three);
      assertThat(client.at("/?tenant=alice").send(5, 1).statuses()).isEqualTo(three);
      assertThat(alice.at("/?tenant=b").once().status())
          .as("beyond the limit for all, which those count for that are answered 429")
          .isEqualTo(429);
    }
  }

  @Test
  void neitherNamesNorValuesThatLookAlikeAreTakenForEachOther() {
    try (RateLimiter limiter = RateLimiter.start();
        TestMesh mesh = new TestMesh("global-limit-names", folder)) {
      edge(mesh, limiter, "");
      mesh.savePolicy(
          """
          rateLimit: {global: [{name: all, key: [{header: x}, {header: x_v}], requests: 2, per: 1h}]}
          """);
      stock(mesh, "rateLimit: {global: [{name: all, requests: 4, per: 1h}]}");
      start(mesh, limiter);

      assertThat(stock(mesh, 6).statuses()).isEqualTo(Map.of(200, 4L, 429, 2L));
      TrafficClient both = mesh.client(Role.GATEWAY).with("x", "v").with("x_v", "1");
      assertThat(both.send(3, 1).statuses()).isEqualTo(Map.of(200, 2L, 429, 1L));
      assertThat(mesh.client(Role.GATEWAY).with("x", "v").send(3, 1).statuses())
          .isEqualTo(Map.of(200, 2L, 429, 1L));
    }
  }

  @Test
  void aGatewayWithoutARateLimitServiceSaysSoAndCountsOnceItHasOne() {
    try (RateLimiter limiter = RateLimiter.start();
        TestMesh mesh = new TestMesh("global-limit-later", folder)) {
      edge(mesh, limiter, "");
      String limited = gateway(mesh, ", timeout: 10s");
      mesh.save("gateway.yaml", Documents.gateway(mesh.port(Role.GATEWAY)));
      mesh.savePolicy("rateLimit: {global: [{name: all, requests: 1, per: 1h}]}");
      EnvoyProcess envoy = mesh.start(Role.GATEWAY);

      assertThat(mesh.client(Role.GATEWAY).send(5).failures()).isEmpty();
      assertThat(files(mesh)).isEmpty();
      assertThat(mesh.server().views().problems().get())
          .extracting(Problem::message)
          .containsExactly(
              "the global limits of orders.shop are not counted at Gateway shop/public, which has no"
                  + " rateLimitService; give it one, or use rateLimit.local");

      mesh.save("gateway.yaml", limited);
      envoy.awaitTrue(
          "the limit",
          () -> {
            limiter.configure(files(mesh).values());
            return mesh.client(Role.GATEWAY).once().status() == 429;
          });
      assertThat(mesh.server().views().problems().get()).isEmpty();
    }
  }

  @Test
  void clientsAreToldApartByTheAddressThatATrustedProxyGives() {
    try (RateLimiter limiter = RateLimiter.start();
        TestMesh mesh = new TestMesh("global-limit-address", folder)) {
      edge(mesh, limiter, "", "client: {trustedHops: 1}");
      mesh.savePolicy(
          """
          rateLimit:
            global: [{name: client, key: [{remoteAddress: true}, {header: x-app}], requests: 2, per: 1m}]
          """);
      start(mesh, limiter);
      TrafficClient client = mesh.client(Role.GATEWAY);
      TrafficClient first = client.with("x-forwarded-for", "192.0.2.1");
      Map<Integer, Long> two = Map.of(200, 2L, 429, 1L);

      assertThat(first.send(3, 1).statuses()).isEqualTo(two);
      assertThat(client.with("x-forwarded-for", "192.0.2.2").send(3, 1).statuses()).isEqualTo(two);
      assertThat(client.send(3, 1).statuses()).isEqualTo(two);
      assertThat(first.with("x-app", "a").send(3, 1).statuses()).isEqualTo(two);
    }
  }

  @Test
  void aRoutesLimitsHoldInThePlaceOfTheServicesAndWhatTheGatewayAnswersIsNotCounted() {
    try (RateLimiter limiter = RateLimiter.start();
        TestMesh mesh = new TestMesh("global-limit-routes", folder)) {
      edge(mesh, limiter, "");
      mesh.savePolicy(
          """
          rateLimit: {global: [{name: all, requests: 4, per: 1m}]}
          routes:
            - name: logins
              match: [{path: {prefix: /login}}]
              rateLimit: {global: [{name: all, requests: 1, per: 1m}, {name: day, requests: 2, per: 24h}]}
            - name: reports
              match: [{path: {prefix: /reports}}]
              timeouts: {request: 1m}
            - name: gone
              match: [{path: {prefix: /gone}}]
              respond: {status: 410}
          """);
      start(mesh, limiter);
      TrafficClient client = mesh.client(Role.GATEWAY);

      assertThat(client.at("/login").send(2, 1).statuses()).isEqualTo(Map.of(200, 1L, 429, 1L));
      assertThat(client.at("/gone").send(9).statuses()).isEqualTo(Map.of(410, 9L));
      assertThat(client.at("/reports").send(3, 1).statuses()).isEqualTo(Map.of(200, 3L));
      assertThat(client.send(2, 1).statuses()).as("shared").isEqualTo(Map.of(200, 1L, 429, 1L));
      limiter.advance(Duration.ofMinutes(1));
      assertThat(client.at("/login").once().status()).as("the day's two").isEqualTo(429);
      assertThat(client.once().status()).isEqualTo(200);
    }
  }

  @Test
  void callsOverGrpcBeyondALimitEndAsResourceExhausted() {
    try (RateLimiter limiter = RateLimiter.start();
        GrpcBackend backend = GrpcBackend.start("v1");
        TestMesh mesh = new TestMesh("global-limit-grpc", folder)) {
      edge(mesh, limiter, "");
      mesh.save(
          "orders.yaml",
          Documents.service(List.of(Documents.instance(backend.port(), "v1")), "grpc"));
      mesh.savePolicy("rateLimit: {global: [{name: all, requests: 2, per: 1h}]}");
      start(mesh, limiter);

      try (GrpcCalls calls =
          GrpcCalls.through(mesh.port(Role.GATEWAY), TestMesh.host(Role.GATEWAY))) {
        assertThat(calls.call(2, 1).failures()).isEmpty();
        assertThat(calls.call(1, 1).failures().getFirst().body())
            .contains(Status.Code.RESOURCE_EXHAUSTED.name());
      }
    }
  }

  @Test
  void withoutItsRateLimitServiceAGatewayIsOpenOrClosedAsItSays() {
    try (TestMesh mesh = new TestMesh("global-limit-down", folder)) {
      TestBackend backend = mesh.backend("v1", "a");
      mesh.saveOrders(backend);
      mesh.savePolicy("rateLimit: {global: [{name: all, requests: 1, per: 1h}]}");
      mesh.save("gateway.yaml", gateway(mesh, ", onError: deny"));
      EnvoyProcess envoy = mesh.start(Role.GATEWAY);

      assertThat(mesh.client(Role.GATEWAY).once().status()).as("no source knows it").isEqualTo(503);
      mesh.save("limiter.yaml", limiter(Ports.free()));
      envoy.awaitTrue(
          "the service's address",
          () -> envoy.stat("cluster\\.ratelimit.limiter.shop.8081\\.membership_total") == 1);
      assertThat(mesh.client(Role.GATEWAY).once().status()).as("nobody listens").isEqualTo(503);
      assertThat(backend.requests()).isZero();

      mesh.save("gateway.yaml", gateway(mesh, ""));
      mesh.awaitAnswers(Role.GATEWAY, report -> report.failures().isEmpty());
      assertThat(backend.requests()).isPositive();
    }
  }

  @Test
  void aSilentRateLimitServiceIsWaitedForNoLongerThanItsTimeout() {
    try (RateLimiter limiter = RateLimiter.start();
        TestMesh mesh = new TestMesh("global-limit-silent", folder)) {
      edge(mesh, limiter, ", timeout: 300ms");
      mesh.savePolicy("rateLimit: {global: [{name: all, requests: 1, per: 1h}]}");
      EnvoyProcess envoy = start(mesh, limiter);
      limiter.beSilent();

      Answer passed = mesh.client(Role.GATEWAY).once();
      assertThat(passed.status()).isEqualTo(200);
      assertThat(took(passed)).isBetween(Duration.ofMillis(290), Duration.ofSeconds(3));

      mesh.save("gateway.yaml", gateway(mesh, ", timeout: 400ms, onError: deny"));
      envoy.awaitTrue("the other answer", () -> mesh.client(Role.GATEWAY).once().status() == 503);
      Answer denied = mesh.client(Role.GATEWAY).once();
      assertThat(denied.status()).isEqualTo(503);
      assertThat(took(denied)).isBetween(Duration.ofMillis(390), Duration.ofSeconds(3));
    }
  }

  @Test
  void limitsAreChangedWithoutAConnectionLost() {
    try (RateLimiter limiter = RateLimiter.start();
        TestMesh mesh = new TestMesh("global-limit-changed", folder)) {
      edge(mesh, limiter, ", timeout: 5s");
      mesh.savePolicy("timeouts: {request: 10s}");
      EnvoyProcess envoy = start(mesh, limiter);
      String connections = "http\\.gateway.*\\.downstream_cx_total";
      TrafficClient client = mesh.client(Role.GATEWAY);
      try (ContinuousTraffic traffic = client.keepSending(4, Duration.ofMillis(1))) {
        traffic.await(100);
        long before = envoy.stat(connections);

        mesh.savePolicy(
            "rateLimit: {global: [{name: user, key: [{header: x-user}], requests: 1000000, per: 1s}]}");
        envoy.awaitTrue("requests are counted", () -> limiter.asked() > 0);
        limiter.configure(files(mesh).values());
        traffic.await(100);
        assertThat(envoy.stat(connections)).as("connections").isEqualTo(before);
        mesh.savePolicy(
            """
            rateLimit: {global: [{name: user, key: [{header: x-user}], requests: 1000000, per: 1s}]}
            routes:
              - name: own
                match: [{path: {prefix: /own}}]
                rateLimit: {global: [{name: few, requests: 1, per: 1h}]}
            """);
        envoy.awaitTrue(
            "the route's limit",
            () -> {
              limiter.configure(files(mesh).values());
              return client.at("/own").once().status() == 429;
            });

        assertThat(traffic.stop().failures()).isEmpty();
        assertThat(envoy.stat("http\\.gateway.*\\.downstream_cx_drain_close")).isZero();
        assertThat(envoy.stat("listener_manager\\.listener_modified")).isZero();
      }
    }
  }

  private static Duration took(Answer answer) {
    return Duration.ofNanos(answer.doneNanos() - answer.sentNanos());
  }

  /** Starts the gateway, and gives the service what the control plane has for it. */
  private static EnvoyProcess start(TestMesh mesh, RateLimiter limiter) {
    EnvoyProcess envoy = mesh.start(Role.GATEWAY);
    limiter.configure(files(mesh).values());
    return envoy;
  }

  private static Map<String, String> files(TestMesh mesh) {
    return mesh.server().views().rateLimits().get();
  }

  /** Orders behind a gateway with this service. */
  private static void edge(TestMesh mesh, RateLimiter limiter, String settings, String... more) {
    mesh.saveOrders(mesh.backend("v1", "a"));
    mesh.save("limiter.yaml", limiter(limiter.port()));
    String given = settings.contains("timeout") ? settings : settings + ", timeout: 10s";
    mesh.save("gateway.yaml", gateway(mesh, given) + String.join("\n", more).indent(2));
  }

  private static String gateway(TestMesh mesh, String settings) {
    return Documents.gateway(mesh.port(Role.GATEWAY))
        + "  rateLimitService: {service: limiter, port: 8081%s}\n".formatted(settings);
  }

  private static String limiter(int port) {
    return """
    apiVersion: sluice.dev/v1
    kind: StaticService
    metadata: {name: limiter, namespace: shop}
    spec:
      ports: [{port: 8081}]
      endpoints: [{address: 127.0.0.1, port: %d}]
    """
        .formatted(port);
  }

  /** Another service at the same gateway, whose policy has these sections. */
  private static void stock(TestMesh mesh, String sections) {
    TestBackend backend = mesh.backend("v1", "stock");
    mesh.save("stock.yaml", Documents.orders(backend).replace("name: orders", "name: stock"));
    mesh.save(
        "stock-policy.yaml",
        Documents.policy(sections)
            .replace("orders, namespace", "stock, namespace")
            .replace("service: orders", "service: stock")
            .replace("orders.example.com", "stock.example.com"));
  }

  private static TrafficReport stock(TestMesh mesh, int requests) {
    return TrafficClient.to(mesh.port(Role.GATEWAY), "stock.example.com").send(requests);
  }
}
