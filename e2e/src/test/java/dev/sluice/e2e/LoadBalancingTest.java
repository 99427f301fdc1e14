package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which instance gets a request. */
@NeedsEnvoy
class LoadBalancingTest {
  private static final int USERS = 1_000;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void roundRobinGivesASlowInstanceAsMuchAsOthersAndLeastRequestLess(Role role) {
    try (TestMesh mesh = new TestMesh("slow-instance", folder)) {
      TestBackend slow = mesh.backend("v1", "slow");
      mesh.saveOrders(slow, mesh.backend("v1", "a"), mesh.backend("v1", "b"));
      mesh.savePolicy("loadBalancer: {type: RoundRobin}");
      EnvoyProcess envoy = mesh.start(role);
      slow.slowDown(Duration.ofMillis(30));

      TrafficReport even = mesh.client(role).send(600);
      mesh.savePolicy("loadBalancer: {type: LeastRequest}");
      envoy.awaitTrue(
          "least_request", () -> envoy.admin("/config_dump").contains("least_request.v3"));
      TrafficReport less = mesh.client(role).send(600);

      assertThat(even.failures()).isEmpty();
      assertThat(even.instances().values()).allSatisfy(n -> assertThat(n).isBetween(195L, 205L));
      assertThat(less.failures()).isEmpty();
      assertThat(less.instances().get("slow")).as("%s", less).isLessThan(100);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void oneUserHasOneInstanceAndFewMoveWhenAnInstanceLeaves(Role role) {
    try (TestMesh mesh = new TestMesh("consistent-hash", folder)) {
      List<TestBackend> instances = new ArrayList<>();
      IntStream.range(0, 10).forEach(i -> instances.add(mesh.backend("v1", "i" + i)));
      mesh.save("orders.yaml", Documents.orders(instances));
      mesh.savePolicy("loadBalancer: {type: ConsistentHash, hash: [{header: x-user-id}]}");
      EnvoyProcess envoy = mesh.start(role);

      Map<String, String> before = instancesByUser(mesh.client(role));
      assertThat(instancesByUser(mesh.client(role))).isEqualTo(before);
      assertThat(before.values().stream().distinct()).hasSize(10);

      instances.removeLast();
      mesh.save("orders.yaml", Documents.orders(instances));
      envoy.awaitTrue(
          "nine instances", () -> envoy.stat("cluster\\.orders\\.shop.*\\.membership_total") == 9);
      Map<String, String> after = instancesByUser(mesh.client(role));

      assertThat(after.values()).doesNotContain("i9");
      long moved = before.keySet().stream().filter(u -> isElsewhere(u, before, after)).count();
      assertThat(moved).isLessThanOrEqualTo(USERS * 15 / 100);
    }
  }

  private static boolean isElsewhere(
      String user, Map<String, String> before, Map<String, String> after) {
    return !Objects.equals(before.get(user), after.get(user));
  }

  private static Map<String, String> instancesByUser(TrafficClient client) {
    Map<String, String> instances = new TreeMap<>();
    for (int i = 0; i < USERS; i++) {
      Answer answer = client.with("x-user-id", "user-" + i).once();
      assertThat(answer.status()).isEqualTo(200);
      instances.put("user-" + i, answer.instance());
    }
    return instances;
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void theFirstKeyThatARequestHasDecides(Role role) {
    try (TestMesh mesh = new TestMesh("hash-keys", folder)) {
      mesh.saveOrders(
          IntStream.range(0, 10)
              .mapToObj(i -> mesh.backend("v1", "i" + i))
              .toArray(TestBackend[]::new));
      mesh.savePolicy(
          """
          loadBalancer:
            type: ConsistentHash
            hash: [{header: x-user-id}, {query: user}, {cookie: {name: visitor, ttl: 1h}}]
          """);
      mesh.start(role);
      TrafficClient client = mesh.client(role);

      // Whatever stands in the query or the cookie, the header's instance answers.
      TrafficClient user = client.with("x-user-id", "ann");
      String instance = user.once().instance();
      for (int i = 0; i < 20; i++) {
        TrafficClient other = user.at("/?user=" + i).with("cookie", "visitor=" + i);
        assertThat(other.once().instance()).isEqualTo(instance);
      }
      // Without the header the query decides.
      String ofQuery = client.at("/?user=ann").once().instance();
      for (int i = 0; i < 20; i++) {
        TrafficClient other = client.at("/?user=ann").with("cookie", "visitor=" + i);
        assertThat(other.once().instance()).isEqualTo(ofQuery);
      }
      // Without either the caller is given a cookie, which brings it back.
      Answer first = client.once();
      String cookie = Objects.requireNonNull(first.headers().get("set-cookie"));
      assertThat(cookie).startsWith("visitor=").contains("Max-Age=3600").contains("Path=/");
      String value = cookie.substring(0, cookie.indexOf(';')).replace("\"", "");
      for (int i = 0; i < 20; i++) {
        Answer again = client.at("/page" + i).with("cookie", value).once();
        assertThat(again.instance()).isEqualTo(first.instance());
        assertThat(again.headers()).doesNotContainKey("set-cookie");
      }
    }
  }

  @Test
  void aGrpcClientWithoutAProxyIsAUserOfItsOwn() throws Exception {
    List<GrpcBackend> instances =
        IntStream.range(0, 5).mapToObj(i -> GrpcBackend.start("i" + i)).toList();
    try (TestMesh mesh = new TestMesh("grpc-hash", folder)) {
      mesh.save(
          "orders.yaml",
          Documents.service(
              instances.stream().map(it -> Documents.instance(it.port(), "v1")).toList(), "grpc"));
      mesh.savePolicy(
          """
          protocol: grpc
          loadBalancer: {type: ConsistentHash, hash: [{sourceIP: true}]}
          """);
      try (GrpcCalls calls = GrpcCalls.proxyless(mesh.grpcBootstrap(), "orders.shop")) {
        TrafficReport report = calls.call(100);

        assertThat(report.failures()).isEmpty();
        assertThat(report.versions()).hasSize(1);
      }
    } finally {
      instances.forEach(GrpcBackend::close);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void aNewInstanceStartsSlowly(Role role) {
    try (TestMesh mesh = new TestMesh("slow-start", folder)) {
      TestBackend old = mesh.backend("v1", "old");
      mesh.saveOrders(old);
      mesh.savePolicy(
          """
          loadBalancer: {type: RoundRobin, slowStart: {window: 4s, minWeightPercent: 5}}
          """);
      mesh.start(role);
      Duration pause = Duration.ofMillis(2);
      try (ContinuousTraffic traffic = mesh.client(role).keepSending(4, pause)) {
        long start = System.nanoTime();
        traffic.awaitSentAfter(start + TimeUnit.SECONDS.toNanos(5), 1); // Now it is old.

        mesh.saveOrders(old, mesh.backend("v1", "new"));
        TrafficReport first = traffic.awaitSentAfter(System.nanoTime(), 100);
        long come = System.nanoTime();
        TrafficReport last = traffic.awaitSentAfter(come + TimeUnit.SECONDS.toNanos(5), 400);
        TrafficReport all = traffic.stop();

        assertThat(all.failures()).isEmpty();
        TrafficReport firstSecond =
            all.sentAfter(come).where(it -> it.sentNanos() - come < TimeUnit.SECONDS.toNanos(1));
        TrafficReport third =
            all.sentAfter(come + TimeUnit.SECONDS.toNanos(2))
                .where(it -> it.sentNanos() - come < TimeUnit.SECONDS.toNanos(3));
        assertThat(first.count()).isPositive();
        assertThat(shareOfNew(firstSecond)).isBetween(0.02, 0.25);
        assertThat(shareOfNew(third)).isBetween(0.26, 0.46);
        assertThat(shareOfNew(last)).isBetween(0.45, 0.55);
      }
    }
  }

  private static double shareOfNew(TrafficReport report) {
    return report.instances().getOrDefault("new", 0L) / (double) report.count();
  }
}
