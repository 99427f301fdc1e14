package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.snapshot.Resource;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.grpc.ManagedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A proxy refused three hosts without saying which; what may happen while they are tried on it. */
class TrialTest extends WireTest {
  private static final String GOOD = "carts=1 orders=good users=1";

  static Stream<Arguments> everyWireAndPhase() {
    return Stream.of(Wire.values())
        .flatMap(wire -> Stream.of(0, 1, 2).map(phase -> Arguments.of(wire, phase)));
  }

  @ParameterizedTest
  @MethodSource("everyWireAndPhase")
  void whenWhoTriesLeavesAnotherGoesOnFromThere(Wire wire, int phase) throws Exception {
    ManagedChannel own = anotherChannel();
    try {
      WireProxy leaver = refusing(new WireProxy(wire, "leaver", own));
      WireProxy heir = proxy(wire, "heir");
      heir.ask(ROUTE, "main");
      assertThat(hosts(heir.accept(ROUTE))).as("a newcomer").isEqualTo(GOOD);

      List<String> tried = new ArrayList<>();
      for (int answered = 0; answered < phase; answered++) {
        Received response = leaver.receive(ROUTE);
        tried.add(hosts(response));
        judge(leaver, response);
      }
      tried.add(hosts(leaver.receive(ROUTE)));
      assertThat(tried)
          .isEqualTo(
              List.of(
                      "carts=2 orders=good users=1",
                      "carts=2 orders=bad users=1",
                      "carts=2 orders=good users=2")
                  .subList(0, phase + 1));
      leaver.disconnect();

      judgeUntil(heir, "carts=2 orders=good users=2");
      awaitQuarantined("orders");
    } finally {
      own.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsTriedAndIsThenEditedIsServedAndTheOthersAreTriedOn(Wire wire) throws Exception {
    WireProxy proxy = refusing(proxy(wire));
    Received first = proxy.receive(ROUTE);
    assertThat(hosts(first)).isEqualTo("carts=2 orders=good users=1");

    publish(Fixtures.hosts("carts=3", "orders=bad", "users=2"));
    awaitQuarantined("orders", "users");
    WireProxy newcomer = proxy(wire, "newcomer");
    newcomer.ask(ROUTE, "main");
    assertThat(hosts(newcomer.accept(ROUTE))).isEqualTo("carts=3 orders=good users=1");

    judge(proxy, first);
    judgeUntil(proxy, "carts=3 orders=good users=2");
    judgeUntil(newcomer, "carts=3 orders=good users=2");
    awaitQuarantined("orders");
  }

  @ParameterizedTest
  @EnumSource
  void whatWaitsToBeTriedAndIsEditedIsNotTried(Wire wire) throws Exception {
    WireProxy proxy = refusing(proxy(wire));
    Received first = proxy.receive(ROUTE);

    publish(Fixtures.hosts("carts=2", "orders=mended", "users=2"));
    awaitQuarantined("carts", "users");

    judge(proxy, first);
    judgeUntil(proxy, "carts=2 orders=mended users=2");
    awaitQuarantined();
    assertQuiet(proxy);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsTriedAndIsThenEditedForTheWorseIsRefusedAnew(Wire wire) throws Exception {
    WireProxy proxy = refusing(proxy(wire));
    judge(proxy, proxy.receive(ROUTE));
    Received second = proxy.receive(ROUTE);
    assertThat(hosts(second)).isEqualTo("carts=2 orders=bad users=1");

    publish(Fixtures.hosts("carts=2", "orders=bad.too", "users=2"));
    awaitQuarantined("users");
    judge(proxy, second);

    judgeUntil(proxy, "carts=2 orders=good users=2");
    awaitQuarantined("orders");
  }

  /** The same, after it refused the change of three hosts, so that their trial has begun on it. */
  private WireProxy refusing(WireProxy proxy) throws InterruptedException {
    publish(Fixtures.hosts(GOOD.split(" ")));
    proxy.ask(ROUTE, "main");
    proxy.accept(ROUTE);
    publish(Fixtures.hosts("carts=2", "orders=bad", "users=2"));
    judge(proxy, proxy.receive(ROUTE));
    awaitQuarantined("carts", "orders", "users");
    return proxy;
  }

  /** Accepts what has no host whose content begins with bad. */
  private static void judge(WireProxy proxy, Received response) {
    if (hosts(response).contains("=bad")) {
      proxy.nack(response, "something is wrong");
    } else {
      proxy.ack(response);
    }
  }

  /** Judges what comes until it is this. */
  private static void judgeUntil(WireProxy proxy, String expected) throws InterruptedException {
    String hosts;
    do {
      Received response = proxy.receive(ROUTE);
      hosts = hosts(response);
      judge(proxy, response);
    } while (!hosts.equals(expected));
  }

  private void awaitQuarantined(String... hosts) {
    await()
        .untilAsserted(
            () ->
                assertThat(server.quarantined())
                    .extracting(Quarantined::virtualHost)
                    .containsExactlyInAnyOrderElementsOf(
                        Stream.of(hosts).map(Optional::of).toList()));
  }

  /** As {@link Fixtures#hosts} takes them. */
  private static String hosts(Received response) {
    List<String> hosts = new ArrayList<>();
    for (Resource resource : response.resources()) {
      ((RouteConfiguration) resource.message())
          .getVirtualHostsList()
          .forEach(
              host ->
                  hosts.add(
                      host.getDomains(0)
                          .replaceFirst(host.getName() + "\\.", host.getName() + "=")));
    }
    return String.join(" ", hosts);
  }
}
