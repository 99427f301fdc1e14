package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.ServiceId;
import dev.sluice.node.InboundPort;
import dev.sluice.node.Role;
import io.grpc.Status;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each complete example does on a real Envoy what its header promises. Its tag is its folder. */
@NeedsEnvoy
class ExampleTrafficTest {
  @TempDir Path folder;

  @Test
  void everyExampleIsRunAndInTheTable() throws IOException {
    Stream<String> run =
        Stream.of(ExampleTrafficTest.class.getDeclaredMethods())
            .map((Method method) -> method.getAnnotation(Tag.class))
            .filter(Objects::nonNull)
            .map(Tag::value);

    assertThat(run).containsExactlyInAnyOrderElementsOf(Example.folders());
    assertThat(Example.readme())
        .contains(Example.folders().stream().map(name -> "](" + name + "/)").toList());
  }

  @Test
  @Tag("canary")
  void theCanaryGetsATenthAndItsErrorsAreNotSeen() {
    try (Example example = new Example("canary", folder)) {
      EnvoyProcess envoy = example.start(Role.SIDECAR);
      TrafficClient orders = example.client("orders.shop");

      Shares.within3Deviations(Map.of("v1", 0.9, "v2", 0.1), () -> orders.send(5_000));
      assertThat(envoy.stat("cluster\\.orders\\.shop\\|80\\|v2\\.upstream_rq_total")).isPositive();

      example.instance(9201).answerWith(503);
      assertThat(orders.send(1_000).failures()).isEmpty();
      assertThat(envoy.stat("cluster.*v2\\.outlier_detection\\.ejections_active")).isOne();
    }
  }

  @Test
  @Tag("header-canary")
  void testersReachTheCanaryByHeaderOrCookieAndNobodyElseDoes() {
    try (Example example = new Example("header-canary", folder)) {
      example.start(Role.SIDECAR);
      TrafficClient orders = example.client("orders.shop");

      assertThat(versions(orders.with("x-canary", "true"))).containsExactly("v2");
      assertThat(versions(orders.with("cookie", "tester=1"))).containsExactly("v2");
      assertThat(versions(orders)).containsExactly("v1");
      assertThat(versions(orders.with("x-canary", "false"))).containsExactly("v1");
    }
  }

  @Test
  @Tag("blue-green")
  void trafficIsFlippedToGreenAndBackWithoutALostRequest() {
    try (Example example = new Example("blue-green", folder)) {
      example.start(Role.SIDECAR);
      TrafficClient payments = example.client("payments.shop");
      try (ContinuousTraffic traffic = payments.keepSending(4, Duration.ofMillis(1))) {
        assertThat(traffic.await(100).versions()).containsOnlyKeys("blue");

        example.edit("policy.yaml", "{blue: 100, green: 0}", "{blue: 0, green: 100}");
        Example.awaitVersion(payments, "green");
        assertThat(versions(payments)).containsExactly("green");

        example.edit("policy.yaml", "{blue: 0, green: 100}", "{blue: 100, green: 0}");
        Example.awaitVersion(payments, "blue");
        assertThat(versions(payments)).containsExactly("blue");
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  @Tag("rollout-canary")
  void theCanaryOfARolloutGetsLittleAtFirstAndTestersReachItAlready() {
    try (Example example = new Example("rollout-canary", folder)) {
      EnvoyProcess envoy = example.start(Role.SIDECAR);
      TrafficClient orders = example.client("orders.shop");

      TrafficReport everybody = orders.send(1_000);
      assertThat(everybody.failures()).isEmpty();
      assertThat(everybody.versions().getOrDefault("v2", 0L)).isLessThan(100);
      assertThat(versions(orders.with("x-canary", "true"))).containsExactly("v2");
      assertThat(envoy.stat("cluster\\.orders\\.shop\\|80\\|v2\\.membership_healthy")).isEqualTo(2);
    }
  }

  @Test
  @Tag("rollout-blue-green")
  void greenIsPreviewedAndFlippedToAndBackWithoutALostRequest() {
    try (Example example = new Example("rollout-blue-green", folder)) {
      example.start(Role.SIDECAR);
      TrafficClient payments = example.client("payments.shop");
      TrafficClient preview = payments.with("x-preview", "true");
      try (ContinuousTraffic traffic = payments.keepSending(4, Duration.ofMillis(1))) {
        assertThat(traffic.await(100).versions()).containsOnlyKeys("blue");
        assertThat(versions(preview)).containsExactly("green");

        flip(example, "blue", "green");
        Example.awaitVersion(payments, "green");
        Example.awaitVersion(preview, "blue");

        flip(example, "green", "blue");
        Example.awaitVersion(payments, "blue");
        Example.awaitVersion(preview, "green");
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  private static void flip(Example example, String from, String to) {
    example.edit(
        "policy.yaml",
        "active: " + from + "\n      standby: " + to,
        "active: " + to + "\n      standby: " + from);
  }

  @Test
  @Tag("first-instance")
  void theFirstInstanceGetsItsShareItsErrorsAreTriedElsewhereAndTheRestFollow() {
    try (Example example = new Example("first-instance", folder)) {
      EnvoyProcess envoy = example.start(Role.SIDECAR);
      TrafficClient orders = example.client("orders.shop");

      Shares.within3Deviations(Map.of("v1", 0.95, "v2", 0.05), () -> orders.send(5_000));

      example.instance(9101).answerWith(503);
      TrafficReport bad = orders.send(100);
      assertThat(bad.failures()).isEmpty();
      assertThat(bad.versions()).containsOnlyKeys("v1");
      assertThat(envoy.stat("cluster\\.orders\\.shop\\|80\\.upstream_rq_retry_success"))
          .isPositive();

      example.instance(9101).answerWith(200);
      example.edit("policy.yaml", "    weights: {v1: 95, v2: 5}", "    by: podCount");
      example.edit("orders.yaml", "9102, labels: {version: v1}", "9102, labels: {version: v2}");
      Example.await(orders, report -> report.instances().getOrDefault("9102", 0L) > 10);
      assertThat(orders.send(400, 1).instances().get("9102")).isBetween(90L, 145L);
    }
  }

  @Test
  @Tag("base-service")
  void anInstanceOfTheBaseServiceThatIsUnavailableIsTriedElsewhereAndEjected() {
    try (Example example = new Example("base-service", folder);
        GrpcBackend a = GrpcBackend.start("a");
        GrpcBackend b = GrpcBackend.start("b");
        GrpcBackend bad = GrpcBackend.start("bad")) {
      example.with(9101, a.port()).with(9102, b.port()).with(9103, bad.port());
      bad.answerWith(Status.UNAVAILABLE);
      EnvoyProcess envoy = example.start(Role.SIDECAR);
      String user = "cluster\\.user\\.shop\\|8080\\.";
      try (GrpcCalls calls =
          GrpcCalls.through(example.mesh().port(Role.SIDECAR), "user.shop:8080")) {
        assertThat(calls.call(200).failures()).isEmpty();

        assertThat(envoy.stat(user + "outlier_detection\\.ejections_active")).isOne();
        assertThat(envoy.stat(user + "health_check\\.success")).isGreaterThanOrEqualTo(3);
        int before = bad.calls();
        assertThat(calls.call(100).versions()).containsOnlyKeys("a", "b");
        assertThat(bad.calls()).isEqualTo(before);
      }
    }
  }

  @Test
  @Tag("consistent-hash")
  void aUserStaysWithOneInstanceAndAVisitorIsGivenACookie() {
    try (Example example = new Example("consistent-hash", folder)) {
      example.start(Role.SIDECAR);
      TrafficClient carts = example.client("carts.shop");
      Set<String> used = new TreeSet<>();
      for (int user = 0; user < 40; user++) {
        TrafficReport report = carts.with("x-user-id", "user-" + user).send(5);
        assertThat(report.failures()).isEmpty();
        assertThat(report.instances()).hasSize(1);
        used.addAll(report.instances().keySet());
      }

      assertThat(used).hasSize(4);
      Answer visitor = carts.once();
      String cookie = Objects.requireNonNull(visitor.headers().get("set-cookie"));
      assertThat(cookie).startsWith("visitor=").contains("Max-Age=86400");
      String value = cookie.substring(0, cookie.indexOf(';')).replace("\"", "");
      assertThat(carts.with("cookie", value).send(10).instances())
          .containsOnlyKeys(visitor.instance());
    }
  }

  private static Set<String> versions(TrafficClient client) {
    TrafficReport report = client.send(200);
    assertThat(report.failures()).isEmpty();
    return report.versions().keySet();
  }

  @Test
  @Tag("edge")
  void theEdgeLetsThroughOverTlsWhomTheAuthorizationServiceAllowsAndLogsBoth(
      @TempDir Path certificates) {
    CertificateAuthority authority = CertificateAuthority.create(certificates, "root");
    SecretDirectory secrets = new SecretDirectory(certificates.resolve("secrets"), "edge");
    secrets.put("example-cert", authority.issue("edge", "dns:*.example.com"));
    try (AuthzService authz = AuthzService.start();
        Example example = new Example("edge", folder)) {
      example.with(9001, authz.port());
      example.mesh().readSecrets(secrets.root());
      example.mesh().callFrom(new ServiceId("front-proxy", "edge"));
      EnvoyProcess envoy = example.start(Role.GATEWAY);
      TrafficClient orders =
          TrafficClient.to(example.mesh().port(Role.GATEWAY), "orders.example.com")
              .over(ClientTls.trusting(authority.root(), "orders.example.com"));
      TrafficClient alice = orders.with("x-user", "alice");
      envoy.awaitTrue("its certificate", () -> alice.once().ok());

      assertThat(alice.once().version()).isEqualTo("v1");
      Answer denied = orders.with("x-user", "mallory").once();
      assertThat(denied.status()).isEqualTo(401);
      assertThat(denied.body()).isEqualTo("who are you?");
      assertThat(alice.at("/internal/metrics").once().status()).isEqualTo(404);
      assertThat(alice.with("x-large", "x".repeat(40_000)).once().status()).isEqualTo(431);
      assertThat(envoy.stat("http\\.gateway.*ext_authz\\.denied")).isOne();
      envoy.awaitTrue(
          "a line of JSON for who was refused", () -> envoy.log().contains("\"status\":401"));
    }
  }

  @Test
  @Tag("rate-limit")
  void requestsBeyondTheLimitsOfCallersAndInstancesAreAnswered429() {
    try (TestBackend search = TestBackend.start("v1", "search");
        Example example = new Example("rate-limit", folder)) {
      int inbound = Ports.free();
      example.with(15006, inbound);
      example.mesh().callFrom(new ServiceId("search", "shop"));
      EnvoyProcess envoy = example.start(Role.SIDECAR, new InboundPort(inbound, search.port()));
      TrafficClient orders = example.client("orders.shop");

      assertThat(orders.at("/login").send(6, 1).statuses()).isEqualTo(Map.of(200, 5L, 429, 1L));
      assertThat(orders.once().status()).as("not of its own limit").isEqualTo(200);
      assertThat(envoy.stat("orders_shop_logins\\.http_local_rate_limit\\.rate_limited")).isOne();

      TrafficClient inside = TrafficClient.to(inbound, "search.shop");
      long start = System.nanoTime();
      TrafficReport report = inside.send(200);
      long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds() + 1;
      assertThat(report.statuses()).containsOnlyKeys(200, 429);
      assertThat(search.requests()).isBetween(20, (int) (20 * (seconds + 1)));
    }
  }

  @Test
  @Tag("global-rate-limit")
  void aUserHasSixtyRequestsAMinuteAndLoginsHaveALimitOfTheirOwn() {
    try (RateLimiter limiter = RateLimiter.start();
        Example example = new Example("global-rate-limit", folder)) {
      example.with(9081, limiter.port());
      example.mesh().callFrom(new ServiceId("front-proxy", "edge"));
      EnvoyProcess envoy = example.start(Role.GATEWAY);
      limiter.configure(example.mesh().server().views().rateLimits().get().values());
      TrafficClient orders =
          TrafficClient.to(example.mesh().port(Role.GATEWAY), "orders.example.com");
      envoy.awaitTrue("it is asked", () -> orders.once().ok() && limiter.asked() > 0);

      TrafficReport alice = orders.with("x-user-id", "alice").send(70);
      assertThat(alice.statuses()).isEqualTo(Map.of(200, 60L, 429, 10L));
      assertThat(orders.with("x-user-id", "bob").send(60).failures()).isEmpty();
      assertThat(orders.at("/login").send(6, 1).statuses()).isEqualTo(Map.of(200, 5L, 429, 1L));
      assertThat(envoy.stat("cluster\\.orders\\.shop\\|80\\.ratelimit\\.over_limit")).isEqualTo(11);
    }
  }

  @Test
  @Tag("mirror")
  void aTenthIsCopiedWithoutTheCallersNoticingAndPaymentsAreNot() {
    try (Example example = new Example("mirror", folder)) {
      example.start(Role.SIDECAR);
      TrafficClient orders = example.client("orders.shop");
      TestBackend v2 = example.instance(9201);

      assertThat(orders.at("/payments").send(200).failures()).isEmpty();
      assertThat(v2.requests()).isZero();
      assertThat(versions(orders)).containsExactly("v1");
      TrafficReport report = orders.send(1_800);
      assertThat(report.versions()).containsOnlyKeys("v1");
      // Of 2000 draws at 10 % the standard deviation is 13.
      Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> v2.requests() > 135);
      assertThat(v2.requests()).isBetween(135, 265);
      assertThat(v2.lastRequest().get("host")).isEqualTo("orders.shop-shadow");

      v2.answerWith(500);
      assertThat(orders.send(200).failures()).isEmpty();
    }
  }

  @Test
  @Tag("fault")
  void someRequestsWaitSomeFailAndPaymentsAreSpared() {
    try (Example example = new Example("fault", folder)) {
      EnvoyProcess envoy = example.start(Role.SIDECAR);
      TrafficClient orders = example.client("orders.shop");

      TrafficReport report = orders.send(800);

      assertThat(report.statuses()).containsOnlyKeys(200, 503);
      // 40 of 800 with a standard deviation of 6, and 80 with one of 8.
      assertThat(report.failures()).hasSizeBetween(10, 70);
      // Envoy's timers may go off a little early by the clock of who waits.
      long slow = report.where(it -> it.doneNanos() - it.sentNanos() >= 290_000_000L).count();
      assertThat(slow).isBetween(40L, 160L);
      assertThat(envoy.stat("http\\.outbound\\.fault\\.aborts_injected"))
          .isEqualTo(report.failures().size());
      assertThat(envoy.stat("http\\.outbound\\.fault\\.delays_injected")).isPositive();
      TrafficClient chaos = orders.with("x-chaos", "true");
      assertThat(chaos.send(20).statuses()).containsOnlyKeys(500);
      assertThat(chaos.at("/payments").send(200).failures()).isEmpty();
    }
  }

  @Test
  @Tag("degrade")
  void theProxiesAnswerInsteadWhileTheSwitchIsThrown() {
    try (Example example = new Example("degrade", folder)) {
      example.start(Role.SIDECAR);
      TrafficClient client = example.client("recommendations.shop");
      try (ContinuousTraffic traffic = client.keepSending(4, Duration.ofMillis(1))) {
        assertThat(traffic.await(100).versions()).containsOnlyKeys("v1");

        example.edit("policy.yaml", "{enabled: false,", "{enabled: true,");
        Example.awaitVersion(client, "");
        assertThat(client.once().body()).isEqualTo("[]");
        assertThat(versions(client.with("x-canary", "true"))).containsExactly("v1");

        example.edit("policy.yaml", "{enabled: true,", "{enabled: false,");
        Example.awaitVersion(client, "v1");
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  @Tag("websocket")
  void aRequestBecomesAWebSocketThatOutlivesAChange() throws IOException {
    try (Example example = new Example("websocket", folder);
        ScriptedBackend chat = ScriptedBackend.start(WebSocket::echo)) {
      example.with(9101, chat.port());
      EnvoyProcess envoy = example.start(Role.SIDECAR);
      int port = example.mesh().port(Role.SIDECAR);
      try (WebSocket live = new WebSocket(port, "chat.shop", "/live/42");
          WebSocket other = new WebSocket(port, "chat.shop", "/other")) {
        assertThat(live.statusLine()).startsWith("HTTP/1.1 101 ");
        assertThat(other.statusLine()).startsWith("HTTP/1.1 403 ");
        assertThat(live.says("hello")).isEqualTo("hello");

        String updates = "http\\.outbound\\.rds\\.outbound\\.update_success";
        long before = envoy.stat(updates);
        example.edit("policy.yaml", "{request: 5s}", "{request: 4s}");
        envoy.awaitTrue("the change", () -> envoy.stat(updates) > before);
        assertThat(live.says("still there")).isEqualTo("still there");
      }
    }
  }

  @Test
  @Tag("tcp-database")
  void connectionsAreDividedAmongTheReplicasAndOneThatIsGoneIsPassedOver() {
    TcpBackend gone = TcpBackend.start("gone");
    try (Example example = new Example("tcp-database", folder);
        TcpBackend a = TcpBackend.start("a");
        TcpBackend b = TcpBackend.start("b")) {
      example.with(9501, a.port()).with(9502, b.port()).with(9503, gone.port());
      int port = example.mesh().connectTcp("orders-db");
      example.start(Role.SIDECAR).awaitListener(port);

      List<TcpConnection> open = Stream.generate(() -> TcpConnection.open(port)).limit(30).toList();
      assertThat(List.of(a, b, gone))
          .allSatisfy(replica -> assertThat(replica.connections()).isBetween(9, 11));
      open.forEach(TcpConnection::close);

      gone.close();
      assertThat(TcpConnection.greetings(port, 60)).containsOnlyKeys("a", "b");
    } finally {
      gone.close();
    }
  }

  @Test
  @Tag("instance-override")
  void theDrainedInstanceGetsNothingUntilTheOverrideIsGoneAndTheLargeOneThreeTimesAsMuch() {
    try (Example example = new Example("instance-override", folder)) {
      example.start(Role.SIDECAR);
      TrafficClient orders = example.client("orders.shop");

      Map<String, Long> drained = new TreeMap<>(orders.send(400, 1).instances());
      assertThat(drained).containsOnlyKeys("9102", "9103");
      assertThat(drained.get("9103")).isBetween(290L, 310L);

      example.delete("override.yaml");
      Example.await(orders, report -> report.instances().containsKey("9101"));
    }
  }
}
