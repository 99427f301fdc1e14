package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one proxy may have under way: connections, requests and retries. */
@NeedsEnvoy
class LimitsTest {
  private static final String ORDERS = "cluster\\.orders\\.shop.*\\.";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void aRetryBudgetLetsAsManyRetriesThroughAsItSays(Role role) {
    try (TestMesh mesh = new TestMesh("retry-budget", folder)) {
      TestBackend good = mesh.backend("v1", "good");
      TestBackend bad = mesh.backend("v1", "bad");
      mesh.saveOrders(good, bad);
      mesh.savePolicy(
          """
          loadBalancer: {type: RoundRobin}
          retry: {attempts: 1, retryOn: [5xx], backoff: {base: 1ms}}
          circuitBreaker:
            retryBudget: {percent: 0, minConcurrent: 2}
            outlier: {consecutiveErrors: 0}
          """);
      EnvoyProcess envoy = mesh.start(role);
      good.hold();
      bad.answerWith(503);
      // About half of twenty go to the bad one, and what that refused may go to the good one.
      try (ContinuousTraffic traffic = mesh.client(role).keepSending(20, Duration.ofMinutes(1))) {
        envoy.awaitTrue(
            "a request that is held or failed, twenty times",
            () -> good.requests() + traffic.soFar().count() == 20);
        long failed = traffic.soFar().count();

        assertThat(failed).isBetween(5L, 10L);
        assertThat(traffic.soFar().statuses()).containsOnlyKeys(503);
        assertThat(envoy.stat(ORDERS + "upstream_rq_retry")).isEqualTo(2);
        assertThat(envoy.stat(ORDERS + "upstream_rq_retry_overflow")).isEqualTo(failed);
        good.answerWith(200);
        envoy.awaitTrue("the held answers", () -> traffic.soFar().count() == 20);
        assertThat(traffic.soFar().statuses())
            .containsEntry(200, 20 - failed)
            .containsEntry(503, failed);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void requestsBeyondAnInstancesConnectionsWait(Role role) {
    try (TestMesh mesh = new TestMesh("connections-per-endpoint", folder)) {
      TestBackend one = mesh.backend("v1", "one");
      TestBackend two = mesh.backend("v1", "two");
      mesh.saveOrders(one, two);
      mesh.savePolicy(
          """
          loadBalancer: {type: RoundRobin}
          connectionPool: {maxConnectionsPerEndpoint: 2}
          """);
      atMostTwoAtEach(mesh, mesh.start(role), role, one, two);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void anInstanceOfHttp1HasAsManyRequestsUnderWayAsItMayHaveConnections(Role role) {
    try (TestMesh mesh = new TestMesh("requests-per-endpoint", folder)) {
      TestBackend one = mesh.backend("v1", "one");
      TestBackend two = mesh.backend("v1", "two");
      mesh.saveOrders(one, two);
      mesh.savePolicy(
          """
          loadBalancer: {type: RoundRobin}
          connectionPool: {maxRequestsPerEndpoint: 2}
          """);
      atMostTwoAtEach(mesh, mesh.start(role), role, one, two);
    }
  }

  /** Holds ten requests, of which two are with each instance and the others wait in Envoy. */
  private static void atMostTwoAtEach(
      TestMesh mesh, EnvoyProcess envoy, Role role, TestBackend one, TestBackend two) {
    one.hold();
    two.hold();
    try (ContinuousTraffic traffic = mesh.client(role).keepSending(10, Duration.ofMinutes(1))) {
      envoy.awaitTrue(
          "six requests that wait", () -> envoy.stat(ORDERS + "upstream_rq_pending_active") == 6);

      envoy.awaitTrue("two at each", () -> one.requests() == 2 && two.requests() == 2);
      assertThat(envoy.stat(ORDERS + "upstream_rq_pending_active")).isEqualTo(6);
      assertThat(envoy.stat(ORDERS + "upstream_cx_active")).isEqualTo(4);
      assertThat(envoy.stat(ORDERS + "upstream_cx_overflow")).isPositive();
      one.answerWith(200);
      two.answerWith(200);
      envoy.awaitTrue("all answers", () -> traffic.soFar().count() == 10);
      assertThat(traffic.soFar().failures()).isEmpty();
      assertThat(one.connections()).isEqualTo(2);
      assertThat(two.connections()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void anInstanceOfH2HasAsManyRequestsUnderWayAsItsOneConnectionHasStreams(Role role) {
    GrpcBackend backend = GrpcBackend.start("v1");
    try (TestMesh mesh = new TestMesh("streams-per-endpoint", folder)) {
      mesh.saveOrders(backend);
      mesh.savePolicy("connectionPool: {maxRequestsPerEndpoint: 3}");
      EnvoyProcess envoy = mesh.start(role);
      backend.hold();
      try (GrpcCalls calls = GrpcCalls.through(mesh.port(role), TestMesh.host(role))) {
        var report = CompletableFuture.supplyAsync(() -> calls.call(8, 8));
        envoy.awaitTrue(
            "five calls that wait", () -> envoy.stat(ORDERS + "upstream_rq_pending_active") == 5);

        envoy.awaitTrue("three under way", () -> backend.underWay() == 3);
        assertThat(envoy.stat(ORDERS + "upstream_rq_pending_active")).isEqualTo(5);
        assertThat(envoy.stat(ORDERS + "upstream_cx_active")).isEqualTo(1);
        backend.release();
        assertThat(report.join().failures()).isEmpty();
        assertThat(envoy.stat(ORDERS + "upstream_cx_total")).isEqualTo(1);
      }
    } finally {
      backend.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void aConnectionIsReplacedAfterAsManyRequestsAsItMayCarry(Role role) {
    try (TestMesh mesh = new TestMesh("requests-per-connection", folder)) {
      TestBackend backend = mesh.backend("v1", "a");
      mesh.saveOrders(backend);
      mesh.savePolicy("connectionPool: {maxRequestsPerConnection: 2}");
      EnvoyProcess envoy = mesh.start(role);

      TrafficReport report = mesh.client(role).send(10, 1);

      assertThat(report.failures()).as("%s", report).isEmpty();
      assertThat(backend.connections()).isEqualTo(5);
      assertThat(envoy.stat(ORDERS + "upstream_cx_max_requests")).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void aRequestThatFindsTheQueueFullOverflows(Role role) {
    try (TestMesh mesh = new TestMesh("max-pending", folder)) {
      TestBackend backend = mesh.backend("v1", "a");
      mesh.saveOrders(backend);
      mesh.savePolicy(
          """
          connectionPool: {maxConnections: 1}
          circuitBreaker: {maxPending: 1}
          """);
      EnvoyProcess envoy = mesh.start(role);
      backend.hold();
      try (ContinuousTraffic held = mesh.client(role).keepSending(1, Duration.ofMinutes(1))) {
        envoy.awaitTrue("a held request", () -> backend.requests() == 1);
        try (ContinuousTraffic waits = mesh.client(role).keepSending(1, Duration.ofMinutes(1))) {
          envoy.awaitTrue(
              "one that waits", () -> envoy.stat(ORDERS + "upstream_rq_pending_active") == 1);

          Answer overflow = mesh.client(role).once();

          assertThat(overflow.status()).isEqualTo(503);
          assertThat(overflow.headers()).containsEntry("x-envoy-overloaded", "true");
          assertThat(envoy.stat(ORDERS + "upstream_rq_pending_overflow")).isEqualTo(1);
          assertThat(envoy.stat(ORDERS + "circuit_breakers.default.rq_pending_open")).isEqualTo(1);
          backend.answerWith(200);
          envoy.awaitTrue("the one that waited", () -> waits.soFar().count() == 1);
          assertThat(held.soFar().failures()).isEmpty();
          assertThat(waits.soFar().failures()).isEmpty();
        }
      }
    }
  }

  @Test
  void aConnectionThatNobodyAcceptsIsGivenUpAfterTheConnectTimeout() throws IOException {
    try (TestMesh mesh = new TestMesh("connect-timeout", folder);
        FullBacklog nobody = new FullBacklog()) {
      mesh.save(
          "orders.yaml",
          Documents.service(List.of(Documents.instance(nobody.port(), "v1")), "http"));
      mesh.savePolicy(
          """
          connectionPool: {connectTimeout: 500ms}
          retry: {attempts: 0}
          """);
      EnvoyProcess envoy = mesh.start(Role.SIDECAR);

      Answer answer = mesh.client(Role.SIDECAR).once();

      assertThat(answer.status()).isEqualTo(503);
      assertThat(Duration.ofNanos(answer.doneNanos() - answer.sentNanos()))
          .isBetween(Duration.ofMillis(450), Duration.ofSeconds(3));
      assertThat(envoy.stat(ORDERS + "upstream_cx_connect_timeout")).isEqualTo(1);
    }
  }

  /** Listens, but has so many connections that nobody accepts that the system takes no more. */
  private static final class FullBacklog implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<Socket> waiting = new ArrayList<>();

    FullBacklog() throws IOException {
      while (fits()) {
        assertThat(waiting).as("connections to a backlog of one").hasSizeLessThan(50);
      }
    }

    private boolean fits() throws IOException {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(new InetSocketAddress(listener.getInetAddress(), port()), 300);
        return true;
      } catch (SocketTimeoutException full) {
        return false;
      }
    }

    int port() {
      return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : waiting) {
        socket.close();
      }
      listener.close();
    }
  }
}
