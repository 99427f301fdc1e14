package dev.sluice.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.status.DocumentProgress.Count;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DocumentProgressTest {
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");
  private static final Resource NEWEST =
      FakeViews.assignment("orders.shop|80")
          .withProvenance(new Provenance(List.of(ORDERS + " (orders.yaml:1)"), List.of()));

  /** Each is served what was before, as where the newest is in quarantine. */
  private final List<NodeStatus> proxies =
      List.of(
          FakeViews.node("a", NEWEST.name(), NEWEST.version()),
          FakeViews.node("b", NEWEST.name(), "before"));

  @Test
  void whoIsNotGivenTheNewestHasNotAcknowledgedIt() {
    Optional<Snapshot> newest = Optional.of(Snapshot.of(List.of(NEWEST)));

    assertThat(DocumentProgress.of(proxies, _ -> newest).of(ORDERS)).isEqualTo(new Count(1, 2));
  }

  @Test
  void whoHasNotAnsweredAnotherVersionWillUseThatFirst() {
    NodeStatus frozen = FakeViews.node("c", "another", NEWEST.name(), NEWEST.version());
    Optional<Snapshot> newest = Optional.of(Snapshot.of(List.of(NEWEST)));

    assertThat(DocumentProgress.of(List.of(frozen), _ -> newest).of(ORDERS))
        .isEqualTo(new Count(0, 1));
  }

  @Test
  void itCountsAsTheDocumentByItselfIsToldOf() {
    Snapshot newest = Snapshot.of(List.of(NEWEST));
    List<Acknowledged> told =
        Acknowledged.of(
            proxies, _ -> Optional.of(newest), it -> new ShapedResources().of(ORDERS, it));

    Count count = DocumentProgress.of(proxies, _ -> Optional.of(newest)).of(ORDERS);

    assertThat(told).hasSize(count.concerned());
    assertThat(told.stream().filter(Acknowledged::isNewest)).hasSize(count.acknowledged());
  }
}
