package dev.sluice.server.load;

import static dev.sluice.server.load.Stats.cluster;
import static dev.sluice.server.load.Stats.zone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.load.ProxyLoad.ClusterLoad;
import dev.sluice.server.load.ProxyLoad.LocalityLoad;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterStats;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Reports, folded and summed up. */
class LoadTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final Upstream ORDERS = new Upstream("orders", "");
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private static ProxyLoad fold(ProxyLoad before, ClusterStats... report) {
    return ReportFold.fold(before, List.of(report), NOON, 100).load();
  }

  private static ClusterLoad orders(ProxyLoad load) {
    return Objects.requireNonNull(load.clusters().get(ORDERS));
  }

  @Test
  void theNewestReportIsKeptAndTheTotalsGrow() {
    ProxyLoad first =
        fold(
            ProxyLoad.opened("web", NOON),
            cluster("orders", 1, zone("a", new Requests(10, 8, 1, 3))));
    ProxyLoad second = fold(first, cluster("orders", 2, zone("a", new Requests(5, 6, 0, 2))));

    assertThat(orders(second))
        .isEqualTo(
            new ClusterLoad(
                TEN_SECONDS,
                2,
                3,
                new java.util.TreeMap<>(
                    Map.of(
                        zone("a"),
                        new LocalityLoad(new Requests(5, 6, 0, 2), new Requests(15, 14, 1, 2))))));
    assertThat(second.reportedAt()).isEqualTo(Optional.of(NOON));
  }

  @Test
  void whatAReportLeavesOutCarriesNothingNow() {
    ProxyLoad first =
        fold(
            ProxyLoad.opened("web", NOON),
            cluster(
                "orders",
                1,
                zone("a", new Requests(10, 8, 1, 1)),
                zone("b", new Requests(4, 4, 0, 0))));
    ProxyLoad second = fold(first, cluster("orders", 0, zone("b", new Requests(1, 1, 0, 0))));
    ProxyLoad third = fold(second);

    assertThat(orders(second).localities().get(zone("a")))
        .isEqualTo(new LocalityLoad(Requests.NONE, new Requests(10, 8, 1, 0)));
    assertThat(orders(second).localities().get(zone("b")))
        .isEqualTo(new LocalityLoad(new Requests(1, 1, 0, 0), new Requests(5, 5, 0, 0)));
    assertThat(orders(third).interval()).isEqualTo(Duration.ZERO);
    assertThat(orders(third).droppedTotal()).isEqualTo(1);
  }

  @Test
  void aClusterThatNeverCarriedAnythingTakesNoRoom() {
    ProxyLoad load = fold(ProxyLoad.opened("web", NOON), cluster("idle", 0));
    assertThat(load.clusters()).isEmpty();
    assertThat(fold(load, cluster("drops", 7)).clusters())
        .containsOnlyKeys(new Upstream("drops", ""));
  }

  @Test
  void whatIsBeyondTheLimitIsLeftOutAndCounted() {
    Requests one = new Requests(1, 1, 0, 0);
    ReportFold.Folded folded =
        ReportFold.fold(
            ProxyLoad.opened("web", NOON),
            List.of(
                cluster("a", 0, zone("a", one), zone("b", one)), cluster("b", 0, zone("a", one))),
            NOON,
            2);

    assertThat(folded.leftOut()).isEqualTo(2);
    assertThat(folded.load().size()).isEqualTo(2);
    ReportFold.Folded again =
        ReportFold.fold(
            folded.load(), List.of(cluster("a", 0, zone("a", one), zone("b", one))), NOON, 2);
    assertThat(again.leftOut()).as("what is known has its room").isEqualTo(1);
    assertThat(again.load().clusters().firstEntry().getValue().localities().get(zone("a")))
        .isEqualTo(new LocalityLoad(one, new Requests(2, 2, 0, 0)));
  }

  @Test
  void proxiesAreSummedUp() {
    ProxyLoad web =
        fold(
            ProxyLoad.opened("web", NOON),
            cluster("orders", 10, zone("a", new Requests(100, 90, 5, 5))));
    ProxyLoad app =
        fold(
            ProxyLoad.opened("app", NOON),
            cluster(
                "orders",
                0,
                zone("a", new Requests(50, 50, 0, 1)),
                zone("b", new Requests(20, 20, 0, 0))),
            cluster("stock", 0, zone("a", new Requests(1, 0, 1, 0))));
    Load load = Load.of(List.of(web, app));

    assertThat(load.proxies()).containsExactly(app, web);
    assertThat(load.clusters()).containsOnlyKeys(ORDERS, new Upstream("stock", ""));
    Load.ClusterSum orders = Objects.requireNonNull(load.clusters().get(ORDERS));
    assertThat(orders.dropped()).isEqualTo(10);
    assertThat(orders.droppedPerSecond()).isEqualTo(1.0);
    assertThat(orders.localities())
        .isEqualTo(
            Map.of(
                zone("a"), new Load.LocalitySum(new Requests(150, 140, 5, 6), 15.0),
                zone("b"), new Load.LocalitySum(new Requests(20, 20, 0, 0), 2.0)));
  }
}
