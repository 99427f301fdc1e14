package dev.sluice.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.node.NodeGroup;
import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.ResourceVersions;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.server.xds.Variant;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ProxyStatusesTest {
  private static final Resource ORDERS =
      Resource.of(
          ResourceType.CLUSTER,
          "orders",
          Cluster.newBuilder().setName("orders").build(),
          new Provenance(List.of("TrafficPolicy shop/orders (orders.yaml:3:1)"), List.of()));

  private final NodeGroup group = FakeViews.gateway();
  private Instant now = FakeViews.NOON;
  private List<NodeStatus> streams = List.of();
  private Snapshot snapshot = Snapshot.of(List.of(ORDERS));
  private final ProxyStatuses statuses = new ProxyStatuses(() -> streams, () -> now);

  @Test
  void aProxyThatAcknowledgedTheNewestIsSynced() {
    streams = List.of(clusters("v1", "v1", NodeStatus.Sync.SYNCED, Optional.empty()));

    TypeStatus type = only(statuses.current());

    assertThat(type.type()).isEqualTo("clusters");
    assertThat(type.state()).isEqualTo(SyncState.SYNCED);
    assertThat(type.behind()).isZero();
    assertThat(type.resources()).containsEntry("orders", new ResourceVersions("v1", "v1"));
    assertThat(statuses.current().getFirst().synced()).isTrue();
  }

  @Test
  void aProxyIsStaleForAsLongAsItHasBeenBehind() {
    streams = List.of(clusters("v2", "v1", NodeStatus.Sync.WAITING, Optional.empty()));
    now = FakeViews.NOON.plusSeconds(3);

    ProxyStatus proxy = statuses.current().getFirst();

    assertThat(proxy.types().getFirst().state()).isEqualTo(SyncState.STALE);
    assertThat(proxy.types().getFirst().behind()).isEqualTo(Duration.ofSeconds(3));
    assertThat(proxy.synced()).isFalse();
  }

  @Test
  void aRefusalNamesTheDocumentBehindIt() {
    NodeStatus.Nack nack =
        new NodeStatus.Nack(
            "no such filter",
            "v2",
            List.of("orders", "gone"),
            List.of("TrafficPolicy shop/orders (orders.yaml:3:1)"),
            now);
    streams = List.of(clusters("v2", "v1", NodeStatus.Sync.REFUSED, Optional.of(nack)));

    TypeStatus type = only(statuses.current());

    assertThat(type.state()).isEqualTo(SyncState.NACKED);
    assertThat(type.refusal())
        .contains(
            new Refusal(
                "no such filter",
                now,
                List.of("gone", "orders"),
                List.of("TrafficPolicy shop/orders (orders.yaml:3:1)")));
    assertThat(statuses.current().getFirst().synced()).isFalse();
  }

  @Test
  void aRefusalThatWasMendedIsNoMoreTold() {
    NodeStatus.Nack nack =
        new NodeStatus.Nack("no such filter", "v1", List.of("orders"), List.of(), now);
    streams = List.of(clusters("v2", "v2", NodeStatus.Sync.SYNCED, Optional.of(nack)));

    assertThat(only(statuses.current()).refusal()).isEmpty();
  }

  @Test
  void whereThereIsNothingToSendNothingWasSent() {
    snapshot = Snapshot.EMPTY;
    streams = List.of(clusters("", "", NodeStatus.Sync.WAITING, Optional.empty()));

    ProxyStatus proxy = statuses.current().getFirst();

    assertThat(proxy.types().getFirst().state()).isEqualTo(SyncState.NOT_SENT);
    assertThat(proxy.types().getFirst().behind()).isZero();
    assertThat(proxy.synced()).isTrue();
    assertThat(SyncState.NOT_SENT).hasToString("NOT SENT");
  }

  private static TypeStatus only(List<ProxyStatus> proxies) {
    assertThat(proxies).hasSize(1);
    assertThat(proxies.getFirst().types()).hasSize(1);
    return proxies.getFirst().types().getFirst();
  }

  private NodeStatus clusters(
      String sent, String acked, NodeStatus.Sync sync, Optional<NodeStatus.Nack> nack) {
    TreeMap<String, ResourceVersions> resources = new TreeMap<>();
    if (!sent.isEmpty()) {
      resources.put("orders", new ResourceVersions(sent, acked));
    }
    NodeStatus.TypeStatus type =
        new NodeStatus.TypeStatus(
            new TreeSet<>(List.of("*")),
            sent,
            acked,
            sync,
            nack,
            resources,
            "the routes",
            sync == NodeStatus.Sync.SYNCED ? Optional.empty() : Optional.of(FakeViews.NOON));
    return new NodeStatus(
        "gateway-1",
        group,
        "envoy 1.40.0",
        ByteString.EMPTY,
        Variant.DELTA,
        FakeViews.NOON,
        snapshot,
        Map.of(ResourceType.CLUSTER, type));
  }
}
