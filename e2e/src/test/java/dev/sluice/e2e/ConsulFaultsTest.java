package dev.sluice.e2e;

import static dev.sluice.e2e.ConsulOrders.FIRST;
import static dev.sluice.e2e.ConsulOrders.HOLD;
import static dev.sluice.e2e.ConsulOrders.NORTH;
import static dev.sluice.e2e.ConsulOrders.SECOND;
import static dev.sluice.e2e.ConsulOrders.THIRD;
import static dev.sluice.e2e.ConsulOrders.set;
import static dev.sluice.e2e.ConsulOrders.watch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.e2e.WatchedConsul.Leadership;
import dev.sluice.server.consul.ConsulAccess;
import dev.sluice.server.consul.ConsulAccess.Consistency;
import dev.sluice.server.consul.ConsulAccess.Scope;
import dev.sluice.server.consul.ConsulAccess.Tls;
import dev.sluice.server.consul.ConsulAccess.Token;
import dev.sluice.source.SourceStatus.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may happen to a Consul, and what its source makes of it. */
@NeedsConsul
class ConsulFaultsTest {
  private static final String ROOT = "6a2e4a5c-3b1f-4c59-8f0e-1d2c3b4a5968";
  private static final String POLICY =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders}
      spec: {target: {service: orders}, timeouts: {request: 3s}}
      """;

  @TempDir Path folder;

  @BeforeEach
  void patience() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
  }

  @AfterEach
  void usualPatience() {
    Awaitility.reset();
  }

  private ConsulServer start() {
    return ConsulOrders.start(folder);
  }

  @Test
  void aConsulThatIsDownAtTheStartIsWaitedFor() {
    try (ConsulServer consul = start()) {
      consul.api().putKey(WatchedConsul.POLICIES + "orders.yaml", POLICY);
      consul.kill();
      try (WatchedConsul watched =
          WatchedConsul.begin(
              ConsulAccess.of(URI.create(consul.address())), WatchedConsul.options(HOLD))) {
        await()
            .untilAsserted(
                () ->
                    assertThat(watched.message())
                        .contains("Consul at " + consul.address() + " cannot be reached"));
        assertThat(watched.state()).contains(State.STARTING);
        assertThat(watched.isSynced()).isFalse();

        consul.start();
        watched.awaitState(State.SYNCED);
        assertThat(watched.isSynced()).isTrue();
        assertThat(watched.healthy("orders")).isEqualTo(Set.of("10.244.1.1", "10.244.1.2"));
        assertThat(watched.documents()).contains("orders");
        assertThat(watched.states()).doesNotContain(State.STALE);
      }
    }
  }

  @Test
  void whatWasToldStaysWhileConsulIsDownAndWhatChangedMeanwhileIsToldAfterwards() {
    try (ConsulServer consul = start();
        Forwarder address = new Forwarder(consul.ports().http());
        WatchedConsul watched = WatchedConsul.synced("http://127.0.0.1:" + address.port(), HOLD)) {
      long killed = System.nanoTime();
      consul.kill();
      watched.awaitStale("Consul at http://127.0.0.1:" + address.port());
      assertThat(System.nanoTime() - killed).isBetween(1_500_000_000L, 6_000_000_000L);
      assertThat(watched.healthy("orders")).isEqualTo(Set.of("10.244.1.1", "10.244.1.2"));

      address.to(1); // For the source it is still down.
      consul.start();
      consul.api().catalog().register(THIRD);
      consul.api().catalog().deregister(FIRST);
      consul.api().putKey(WatchedConsul.POLICIES + "orders.yaml", POLICY);
      assertThat(watched.healthy("orders")).isEqualTo(Set.of("10.244.1.1", "10.244.1.2"));
      assertThat(watched.state()).contains(State.STALE);

      address.to(consul.ports().http());
      watched.awaitState(State.SYNCED);
      watched.awaitHealthy("orders", "10.244.1.2", "10.244.1.3");
      await().until(() -> watched.documents().contains("orders"));
      assertThat(watched.history("orders")).doesNotContain(Set.of());
    }
  }

  @Test
  void aConsulThatHangsIsFoundOutAndWhatItSaysAfterwardsIsSeenAtOnce() {
    try (ConsulServer consul = start();
        WatchedConsul watched = watch(consul)) {
      consul.pause();
      long paused = System.nanoTime();
      watched.awaitStale("Consul at " + consul.address() + " does not answer");
      assertThat(Duration.ofNanos(System.nanoTime() - paused)).isLessThan(Duration.ofSeconds(18));
      assertThat(watched.healthy("orders")).isEqualTo(Set.of("10.244.1.1", "10.244.1.2"));

      consul.resume();
      watched.awaitState(State.SYNCED);
      consul.await("able to write", () -> consul.api().tryPut("/v1/kv/a", "1").ok());
      set(consul, ConsulStatus.CRITICAL, FIRST);
      await()
          .atMost(Duration.ofSeconds(1))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> watched.healthy("orders").equals(Set.of("10.244.1.2")));
    }
  }

  @Test
  void anElectionChangesNothingOfWhatWasToldAndALostMajorityIsTold() {
    try (ConsulCluster cluster = ConsulCluster.start(folder, NORTH, 3)) {
      ConsulServer leader = cluster.leader();
      ConsulServer asked =
          cluster.servers().stream().filter(one -> one != leader).findFirst().orElseThrow();
      asked.api().catalog().register(FIRST);
      asked.api().catalog().register(SECOND);
      ConsulAccess stale =
          new ConsulAccess(
              URI.create(asked.address()),
              new Token.None(),
              Tls.USUAL,
              Optional.empty(),
              Scope.ALL,
              Consistency.STALE);
      try (WatchedConsul watched = watch(asked);
          WatchedConsul anyway =
              WatchedConsul.begin(stale, WatchedConsul.options(HOLD, 100, Leadership.NOT_NEEDED))) {
        anyway.awaitState(State.SYNCED);
        leader.kill();
        asked.await("led by another", () -> asked.api().tryPut("/v1/kv/a", "1").ok());
        asked.api().catalog().register(THIRD);
        watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2", "10.244.1.3");
        anyway.awaitHealthy("orders", "10.244.1.1", "10.244.1.2", "10.244.1.3");
        watched.awaitState(State.SYNCED);
        assertThat(watched.history("orders")).doesNotContain(Set.of());

        ConsulServer other =
            cluster.servers().stream()
                .filter(one -> one != leader && one != asked)
                .findFirst()
                .orElseThrow();
        other.kill();
        watched.awaitStale("leader");
        await()
            .untilAsserted(
                () ->
                    assertThat(watched.message())
                        .containsPattern("no (cluster )?leader|No cluster leader"));
        assertThat(watched.healthy("orders"))
            .isEqualTo(Set.of("10.244.1.1", "10.244.1.2", "10.244.1.3"));
        assertThat(anyway.states()).as("reads of any server").doesNotContain(State.STALE);

        other.start();
        asked.await("led", () -> asked.api().tryPut("/v1/kv/a", "2").ok());
        asked.api().catalog().deregister(THIRD);
        watched.awaitState(State.SYNCED);
        watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2");
        anyway.awaitHealthy("orders", "10.244.1.1", "10.244.1.2");
        assertThat(anyway.states()).doesNotContain(State.STALE);
      }
    }
  }

  @Test
  void aConsulThatBeginsAnewIsDoubtedUntilAgentsHaveToldItWhatTheyRun() throws IOException {
    try (ConsulServer consul = start()) {
      ConsulInstance carts = ConsulInstance.of("carts", "carts-1", "10.244.1.9", 80);
      consul.api().catalog().register(carts);
      for (int i = 0; i < 100; i++) { // It is to have known much.
        consul.api().putKey("count", "" + i);
      }
      consul.api().catalog().register(SECOND.in(ConsulStatus.WARNING));
      consul.api().catalog().register(SECOND);
      consul.api().catalog().setStatus(carts, ConsulStatus.WARNING);
      try (WatchedConsul watched = watch(consul, Duration.ofSeconds(30))) {
        watched.awaitHealthy("carts", "10.244.1.9");
        consul.kill();
        deleteAll(folder.resolve("consul/data"));
        consul.start();
        consul.api().catalog().register(FIRST);

        watched.awaitState(State.SYNCED);
        watched.awaitProblem("services/orders", "it knows 1 fewer instances", "holdEmpty");
        watched.awaitProblem("services/carts", "it knows 1 fewer instances");
        assertThat(watched.healthy("orders")).isEqualTo(Set.of("10.244.1.1", "10.244.1.2"));
        assertThat(watched.healthy("carts")).isEqualTo(Set.of("10.244.1.9"));

        consul.api().catalog().register(carts);
        await().until(() -> watched.problems().stream().noneMatch(it -> it.contains("carts")));
        watched.awaitHealthy("orders", "10.244.1.1");
        assertThat(watched.healthy("carts")).isEqualTo(Set.of("10.244.1.9"));
        await().until(() -> watched.problems().isEmpty());
        assertThat(watched.history("orders"))
            .containsExactly(Set.of("10.244.1.1", "10.244.1.2"), Set.of("10.244.1.1"));
        assertThat(watched.history("carts")).containsExactly(Set.of("10.244.1.9"));
      }
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder())
          .forEach(
              one -> {
                try {
                  Files.delete(one);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }

  @Test
  void aTokenThatIsRevokedIsToldAndOneInItsFileIsTakenInItsPlace() throws IOException {
    ConsulOptions settings = NORTH.withAcls(ROOT);
    try (ConsulServer consul = ConsulServer.start(folder.resolve("consul"), settings)) {
      consul.api().catalog().register(FIRST);
      consul.api().catalog().register(SECOND);
      ConsulApi.Token token = consul.api().createToken("reader", rules("read"));
      Path file = Files.writeString(folder.resolve("token"), token.secret() + "\n");
      try (WatchedConsul watched =
          WatchedConsul.begin(inFile(consul, file), WatchedConsul.options(HOLD))) {
        watched.awaitState(State.SYNCED);
        consul.api().deleteToken(token);
        consul.api().catalog().register(THIRD); // Queries that wait are judged when they end.
        watched.awaitStale(
            "Consul at " + consul.address() + " does not let the token do this", "(403)", "renew");
        assertThat(watched.healthy("orders")).isEqualTo(Set.of("10.244.1.1", "10.244.1.2"));

        ConsulApi.Token other = consul.api().createToken("other-reader", rules("read"));
        Files.writeString(file, other.secret() + "\n");
        watched.awaitState(State.SYNCED);
        watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2", "10.244.1.3");
        assertThat(watched.history("orders")).doesNotContain(Set.of());
      }
    }
  }

  @Test
  void aTokenThatMayReadLessThanBeforeHidesNothingOfWhatWasTold() throws IOException {
    ConsulOptions settings = NORTH.withAcls(ROOT);
    try (ConsulServer consul = ConsulServer.start(folder.resolve("consul"), settings)) {
      consul.api().catalog().register(FIRST);
      consul.api().catalog().register(SECOND);
      ConsulApi.Token token = consul.api().createToken("reader", rules("read"));
      Path file = Files.writeString(folder.resolve("token"), token.secret());
      try (WatchedConsul watched =
          WatchedConsul.begin(inFile(consul, file), WatchedConsul.options(HOLD))) {
        watched.awaitState(State.SYNCED);
        consul.api().setRules("reader", rules("deny"));
        // A query that waits is answered by what the token might read when it was asked.
        consul.api().catalog().register(THIRD);
        await().pollDelay(Duration.ofSeconds(1)).until(() -> watched.state().isPresent());
        consul.api().catalog().register(THIRD.withTags("blue"));
        consul.api().catalog().register(ConsulInstance.of("carts", "carts-1", "10.244.1.9", 80));
        watched.awaitStale("what the token may not read any more", "grant it service:read");
        await()
            .during(Duration.ofSeconds(3))
            .until(() -> watched.healthy("orders").equals(Set.of("10.244.1.1", "10.244.1.2")));

        consul.api().setRules("reader", rules("read"));
        watched.awaitState(State.SYNCED);
        watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2", "10.244.1.3");
        assertThat(watched.history("orders")).doesNotContain(Set.of());
      }
    }
  }

  private static ConsulAccess inFile(ConsulServer consul, Path token) {
    return new ConsulAccess(
        URI.create(consul.address()),
        new Token.InFile(token),
        Tls.USUAL,
        Optional.empty(),
        Scope.ALL,
        Consistency.DEFAULT);
  }

  private static String rules(String ofServices) {
    return """
    service_prefix "" { policy = "%s" }
    node_prefix "" { policy = "read" }
    key_prefix "" { policy = "read" }
    """
        .formatted(ofServices);
  }
}
