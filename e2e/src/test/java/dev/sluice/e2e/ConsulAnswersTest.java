package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.e2e.ConsulProxy.Fault;
import dev.sluice.server.consul.ConsulAccess;
import dev.sluice.source.SourceStatus.State;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Consul whose answers are wrong, late or refused, as a proxy before it makes them. */
@NeedsConsul
class ConsulAnswersTest {
  private static final Duration HOLD = Duration.ofSeconds(3);
  private static final String ALL = "/v1/";
  private static final String NAMES = "/v1/catalog/services";
  private static final String OF_ORDERS = "/v1/health/service/orders";

  /** Consul's default of connections from one address is 200; here it would be seen. */
  private static final int MOST_CONNECTIONS = 20;

  @TempDir static Path folder;
  private static ConsulServer consul;

  private final ConsulInstance first = ConsulInstance.of("orders", "orders-1", "10.244.1.1", 80);
  private final ConsulInstance second = ConsulInstance.of("orders", "orders-2", "10.244.1.2", 80);
  private final ConsulInstance third = ConsulInstance.of("orders", "orders-3", "10.244.1.3", 80);
  private ConsulProxy proxy;

  @BeforeAll
  static void startConsul() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40));
    consul = ConsulServer.start(folder.resolve("consul"), ConsulOptions.of("north"));
  }

  @AfterAll
  static void stopConsul() {
    Awaitility.reset();
    consul.close();
  }

  @BeforeEach
  void register() {
    consul.api().catalog().register(first);
    consul.api().catalog().register(second);
    proxy = new ConsulProxy(consul.address());
  }

  @AfterEach
  void deregister() {
    proxy.close();
    List.of(first, second, third).forEach(one -> consul.api().catalog().deregisterNode(one.node()));
  }

  private WatchedConsul watch() {
    WatchedConsul watched = WatchedConsul.synced(proxy.address(), HOLD);
    watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2");
    return watched;
  }

  /** The count of requests grows by no more than that in a time. */
  private long askedWithin(Duration time) {
    long before = proxy.asked(ALL);
    await().pollDelay(time).until(() -> true);
    return proxy.asked(ALL) - before;
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void anAnswerThatRefusesLeavesTheLastGoodAndIsAskedForMoreAndMoreSeldom(int code) {
    try (WatchedConsul watched = watch()) {
      proxy.spoil(ALL, new Fault.Refused(code, "too much to do"));
      consul.api().catalog().register(third);
      watched.awaitStale(proxy.address(), "does not serve now: too much to do (" + code + ")");
      assertThat(watched.healthy("orders")).isEqualTo(Set.of("10.244.1.1", "10.244.1.2"));
      // Three are refused: the leader's, and those that the change has ended.
      assertThat(askedWithin(Duration.ofSeconds(8))).isBetween(2L, 20L);
      assertThat(watched.healthy("orders")).isEqualTo(Set.of("10.244.1.1", "10.244.1.2"));

      proxy.repair();
      watched.awaitState(State.SYNCED);
      watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2", "10.244.1.3");
    }
  }

  @Test
  void anAnswerThatIsSlowIsWaitedFor() {
    try (WatchedConsul watched = watch()) {
      proxy.spoil(ALL, new Fault.Slow(Duration.ofSeconds(5)));
      consul.api().catalog().register(third);
      watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2", "10.244.1.3");
      consul.api().catalog().deregister(third);
      watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2");
      assertThat(watched.states()).doesNotContain(State.STALE);
    }
  }

  @Test
  void anAnswerThatIsCutInHalfCountsAsNone() {
    try (WatchedConsul watched = watch()) {
      proxy.spoil(OF_ORDERS, new Fault.CutInHalf());
      consul.api().catalog().register(third);
      watched.awaitStale(proxy.address());
      assertThat(watched.healthy("orders")).isEqualTo(Set.of("10.244.1.1", "10.244.1.2"));

      proxy.repair();
      watched.awaitState(State.SYNCED);
      watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2", "10.244.1.3");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>Sign in</html>", "[{\"Node\": {\"Node\": \"no", "\"text\"", ""})
  void anAnswerThatCannotBeReadCountsAsNone(String body) {
    try (WatchedConsul watched = watch()) {
      proxy.spoil(OF_ORDERS, new Fault.Body(body));
      proxy.spoil(NAMES, new Fault.Body(body));
      consul.api().catalog().register(third);
      consul.api().catalog().register(ConsulInstance.of("carts", "carts-1", "10.244.1.9", 80));
      watched.awaitStale(proxy.address(), "cannot be read");
      assertThat(watched.healthy("orders")).isEqualTo(Set.of("10.244.1.1", "10.244.1.2"));
      assertThat(askedWithin(Duration.ofSeconds(8))).isLessThan(20);

      proxy.repair();
      watched.awaitState(State.SYNCED);
      watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2", "10.244.1.3");
      watched.awaitHealthy("carts", "10.244.1.9");
    } finally {
      consul.api().catalog().deregisterNode("node-carts-1");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 3})
  void anIndexThatGoesBackwardsOrLacksIsAskedFromTheBeginningAndNotInABusyLoop(long index) {
    try (WatchedConsul watched = watch()) {
      proxy.spoil(ALL, new Fault.Index(index < 0 ? Optional.empty() : Optional.of(index)));
      consul.api().catalog().register(third);
      watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2", "10.244.1.3");
      // Three queries that wait no more, each asked ten times a second at most, and the leader's.
      long begun = System.nanoTime();
      long asked = askedWithin(Duration.ofSeconds(5));
      double seconds = (System.nanoTime() - begun) / 1e9;
      assertThat(asked)
          .as("in %.1f s", seconds)
          .isLessThan(Math.round(3 * (10 * seconds + 10) + 20));
      consul.api().catalog().setStatus(third, ConsulStatus.CRITICAL);
      watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2");
      assertThat(watched.states()).doesNotContain(State.STALE);

      proxy.repair();
      consul.api().catalog().setStatus(third, ConsulStatus.PASSING);
      watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2", "10.244.1.3");
      await()
          .untilAsserted(
              () ->
                  assertThat(askedWithin(Duration.ofSeconds(4)))
                      .as("queries wait again")
                      .isLessThan(10));
    }
  }

  @Test
  void aCheckThatFlapsDoesNotMakeTheQueriesSpin() {
    try (WatchedConsul watched = watch()) {
      long before = proxy.asked(OF_ORDERS);
      long begun = System.nanoTime();
      for (int i = 0; i < 600; i++) {
        ConsulStatus status = i % 2 == 0 ? ConsulStatus.CRITICAL : ConsulStatus.PASSING;
        consul.api().catalog().setStatus(first, status);
      }
      consul.api().catalog().setStatus(first, ConsulStatus.CRITICAL);
      watched.awaitHealthy("orders", "10.244.1.2");
      double seconds = (System.nanoTime() - begun) / 1e9;
      assertThat(proxy.asked(OF_ORDERS) - before)
          .as("in %.1f s", seconds)
          .isBetween(5L, Math.round(10 * seconds) + 11);
      consul.api().catalog().setStatus(first, ConsulStatus.PASSING);
      watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2");
      assertThat(watched.states()).doesNotContain(State.STALE);
    }
  }

  @Test
  void servicesThatDoNotFitAnyMoreNeedNotWaitForThoseThatDid() {
    int connections = 4;
    List<ConsulInstance> few = instances("few", connections - 1, 3); // The server's own is one.
    List<ConsulInstance> more = instances("more", connections, 4);
    few.forEach(one -> consul.api().catalog().register(one));
    try (WatchedConsul watched =
        WatchedConsul.begin(
            ConsulAccess.of(URI.create(proxy.address())),
            WatchedConsul.options(HOLD, connections, WatchedConsul.Leadership.NEEDED))) {
      watched.awaitState(State.SYNCED);
      assertThat(watched.services()).isEqualTo(connections);
      more.forEach(one -> consul.api().catalog().register(one));

      // Those that have a connection wait for at least half a minute.
      await()
          .atMost(Duration.ofSeconds(15))
          .until(() -> more.stream().noneMatch(one -> watched.healthy(one.service()).isEmpty()));
      assertThat(watched.states()).doesNotContain(State.STALE);
    } finally {
      few.forEach(one -> consul.api().catalog().deregisterNode(one.node()));
      more.forEach(one -> consul.api().catalog().deregisterNode(one.node()));
    }
  }

  private static List<ConsulInstance> instances(String prefix, int count, int net) {
    return IntStream.range(0, count)
        .mapToObj(i -> prefix + "-" + i)
        .map(
            name ->
                ConsulInstance.of(
                    name, name, "10.244." + net + "." + name.charAt(prefix.length() + 1), 80))
        .toList();
  }

  @Test
  void moreServicesThanConnectionsTakeTurnsAndAChangedCheckIsToldAtOnce() {
    int connections = 5;
    List<ConsulInstance> many =
        IntStream.range(0, 60)
            .mapToObj(i -> ConsulInstance.of("many-" + i, "many-" + i, "10.244.2." + i, 80))
            .toList();
    many.forEach(one -> consul.api().catalog().register(one));
    try (WatchedConsul watched =
        WatchedConsul.begin(
            ConsulAccess.of(URI.create(proxy.address())),
            WatchedConsul.options(HOLD, connections, WatchedConsul.Leadership.NEEDED))) {
      watched.awaitState(State.SYNCED);
      assertThat(watched.services()).isEqualTo(61);
      assertThat(many)
          .allSatisfy(
              one -> assertThat(watched.healthy(one.service())).containsExactly(one.address()));

      for (ConsulInstance one : List.of(many.get(7), many.get(33), many.get(59))) {
        consul.api().catalog().setStatus(one, ConsulStatus.CRITICAL);
        await()
            .atMost(Duration.ofMillis(950))
            .pollInterval(Duration.ofMillis(5))
            .until(() -> watched.healthy(one.service()).isEmpty());
        consul.api().catalog().setNodeStatus(one.node(), "disk", ConsulStatus.CRITICAL);
        consul.api().catalog().setStatus(one, ConsulStatus.PASSING);
        consul.api().catalog().deregisterCheck(one.node(), "disk");
        await()
            .atMost(Duration.ofMillis(1500))
            .pollInterval(Duration.ofMillis(5))
            .until(() -> !watched.healthy(one.service()).isEmpty());
      }
      // An instance more is no check that is critical: it is found by turns.
      ConsulInstance more = ConsulInstance.of("many-7", "more", "10.244.2.200", 80);
      consul.api().catalog().register(more);
      await().until(() -> watched.healthy("many-7").equals(Set.of("10.244.2.7", "10.244.2.200")));
      consul.api().catalog().deregisterNode(more.node());
      // Beside services: the leader, the names, the keys, and two kinds of checks.
      assertThat(proxy.mostAtOnce()).isBetween(connections, connections + 5);
      assertThat(watched.states()).doesNotContain(State.STALE);
    } finally {
      many.forEach(one -> consul.api().catalog().deregisterNode(one.node()));
    }
  }

  @Test
  void consulsOwnLimitOfConnectionsIsNotHit() {
    // One of its own: the proxies of other tests have connections too.
    ConsulOptions limited = ConsulOptions.of("north").withMaxConnectionsPerClient(MOST_CONNECTIONS);
    try (ConsulServer other = ConsulServer.start(folder.resolve("limited"), limited)) {
      IntStream.range(0, 60)
          .mapToObj(i -> ConsulInstance.of("many-" + i, "many-" + i, "10.244.2." + i, 80))
          .forEach(one -> other.api().catalog().register(one));
      // Beside services five more are asked about, and the one that registers has a connection.
      try (WatchedConsul watched =
          WatchedConsul.begin(
              ConsulAccess.of(URI.create(other.address())),
              WatchedConsul.options(HOLD, MOST_CONNECTIONS - 7, WatchedConsul.Leadership.NEEDED))) {
        watched.awaitState(State.SYNCED);
        await()
            .during(Duration.ofSeconds(12))
            .until(() -> watched.state().equals(Optional.of(State.SYNCED)));
        assertThat(watched.services()).isEqualTo(60);
        assertThat(watched.states()).doesNotContain(State.STALE);
      }
      assertThat(other.log()).doesNotContain("too many");
    }
  }
}
