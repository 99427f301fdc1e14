package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.node.NodeGroup;
import dev.sluice.server.diff.LiveState;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.ResourceVersions;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotBuilder;
import dev.sluice.server.xds.ConfigCanary;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.server.xds.NodeStatus.Sync;
import dev.sluice.server.xds.Quarantined;
import dev.sluice.server.xds.Variant;
import dev.sluice.server.xds.Withheld;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who counts as having what a policy makes, as having refused it, and as not having answered. */
class ProxyLookTest {
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");
  private static final Resource BEFORE = routes("before");
  private static final Resource NEWEST = routes("newest");

  private final LiveState live = new LiveState();
  private final NodeGroup group = live.sidecars("web", 0);
  private final List<NodeStatus> proxies = new ArrayList<>();
  private final List<Withheld> withheld = new ArrayList<>();
  private final List<ConfigCanary> canaries = new ArrayList<>();

  @Test
  void proxiesThatAreAlikeAreCountedEach() {
    proxy("a", NEWEST, NEWEST, Sync.SYNCED, Optional.empty());
    proxy("b", NEWEST, NEWEST, Sync.SYNCED, Optional.empty());
    proxy("c", NEWEST, BEFORE, Sync.WAITING, Optional.empty());

    assertThat(look()).hasToString("2/3");
    assertThat(look().pending()).containsExactly("c");
  }

  @Test
  void whoRefusedWhatIsWithheldIsNamedAndTheOthersOfItsGroupArePending() {
    proxy("a", BEFORE, BEFORE, Sync.SYNCED, Optional.empty());
    proxy("critic", BEFORE, BEFORE, Sync.SYNCED, Optional.empty());
    withhold(NEWEST, true, "TrafficPolicy shop/orders (orders.yaml:1:1)");

    assertThat(look()).hasToString("0/2");
    assertThat(look().refused()).isEqualTo(Map.of("critic", "no"));
    assertThat(look().pending()).containsExactly("a");
    assertThat(look().held()).isEqualTo(Map.of("a", "others refused it"));
  }

  @Test
  void whoRefusedItCountsAlsoWhenItHasGone() {
    proxy("a", BEFORE, BEFORE, Sync.SYNCED, Optional.empty());
    withhold(NEWEST, true, "TrafficPolicy shop/orders (orders.yaml:1:1)");

    assertThat(look().refused()).isEqualTo(Map.of("critic", "no"));
    assertThat(look().pending()).containsExactly("a");
  }

  @Test
  void whatIsStillTriedIsNotRefusedYet() {
    proxy("critic", NEWEST, BEFORE, Sync.REFUSED, Optional.of(nack("outbound")));
    withhold(NEWEST, false, "TrafficPolicy shop/orders (orders.yaml:1:1)");

    assertThat(look().refused()).isEmpty();
    assertThat(look().pending()).containsExactly("critic");
    assertThat(look().held()).isEmpty();
  }

  @Test
  void whatWasRefusedOfAnotherDocumentIsNotRefusedOfThisOne() {
    proxy("critic", BEFORE, BEFORE, Sync.SYNCED, Optional.empty());
    withhold(NEWEST, true, "TrafficPolicy shop/orders-2 (other.yaml:1:1)");

    assertThat(look().refused()).isEmpty();
    assertThat(look().pending()).containsExactly("critic");
  }

  @Test
  void whatWasRefusedAndIsNotPublishedAnyMoreDoesNotCount() {
    proxy("critic", BEFORE, BEFORE, Sync.SYNCED, Optional.empty());
    withhold(BEFORE, true, "TrafficPolicy shop/orders (orders.yaml:1:1)");

    assertThat(look().refused()).isEmpty();
  }

  @Test
  void whoRefusesWhatOthersUseAlreadyRefusesItUnlessItNamesSomethingElse() {
    proxy("late", NEWEST, BEFORE, Sync.REFUSED, Optional.of(nack("outbound")));
    proxy("other", NEWEST, BEFORE, Sync.REFUSED, Optional.of(nack("another")));
    proxy("sent-another", BEFORE, BEFORE, Sync.REFUSED, Optional.of(nack("outbound")));

    assertThat(look().refused()).isEqualTo(Map.of("late", "no"));
    assertThat(look().pending()).containsExactly("other", "sent-another");
  }

  @Test
  void whoIsNotGivenItForOthersHaveItFirstIsPendingWithTheReason() {
    proxy("first", NEWEST, BEFORE, Sync.WAITING, Optional.empty());
    proxy("second", BEFORE, BEFORE, Sync.SYNCED, Optional.empty());
    canaries.add(ahead(Optional.empty()));
    assertThat(look().held())
        .isEqualTo(Map.of("second", "a changed configuration comes to others first"));

    canaries.set(0, ahead(Optional.of("first did not acknowledge it within 2s")));
    assertThat(look().refused()).isEmpty();
    assertThat(look().pending()).containsExactly("first", "second");
    assertThat(look().held())
        .isEqualTo(
            Map.of(
                "second",
                "a changed configuration goes no further: first did not acknowledge it within 2s"));
  }

  private ConfigCanary ahead(Optional<String> halted) {
    return new ConfigCanary(
        group,
        "1",
        List.of("first"),
        0,
        2,
        halted,
        false,
        List.of("RDS outbound"),
        List.of(),
        Instant.EPOCH);
  }

  private Confirmation look() {
    Snapshot newest = new SnapshotBuilder(Snapshot.EMPTY).put(NEWEST).build().after();
    return new ProxyLook(
            new RolloutFacts(
                live.pipeline,
                Runnable::run,
                () -> proxies,
                _ -> Optional.of(newest),
                () -> withheld,
                () -> canaries,
                RolloutMetrics.NONE))
        .of(ORDERS);
  }

  private void withhold(Resource content, boolean isTried, String document) {
    withheld.add(
        new Withheld(
            new Quarantined(
                group,
                ResourceType.ROUTE,
                "outbound",
                Optional.empty(),
                List.of(document),
                "critic",
                "no",
                Instant.EPOCH),
            isTried,
            content::equals));
  }

  private void proxy(
      String id, Resource sent, Resource used, Sync sync, Optional<NodeStatus.Nack> nack) {
    NodeStatus.TypeStatus routes =
        new NodeStatus.TypeStatus(
            new TreeSet<>(List.of("outbound")),
            "1",
            "1",
            sync,
            nack,
            new TreeMap<>(Map.of("outbound", new ResourceVersions(sent.version(), used.version()))),
            "",
            Optional.empty());
    proxies.add(
        new NodeStatus(
            id,
            group,
            "envoy",
            ByteString.EMPTY,
            Variant.DELTA,
            Instant.EPOCH,
            Snapshot.EMPTY,
            Map.of(ResourceType.ROUTE, routes)));
  }

  private static NodeStatus.Nack nack(String name) {
    return new NodeStatus.Nack("no", "2", List.of(name), List.of(), Instant.EPOCH);
  }

  private static Resource routes(String content) {
    return Resource.of(
        ResourceType.ROUTE,
        "outbound",
        RouteConfiguration.newBuilder().setName("outbound").addInternalOnlyHeaders(content).build(),
        new Provenance(List.of("TrafficPolicy shop/orders (orders.yaml:1:1)"), List.of()));
  }
}
