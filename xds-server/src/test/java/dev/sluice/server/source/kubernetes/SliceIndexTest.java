package dev.sluice.server.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Health;
import dev.sluice.catalog.ServiceId;
import dev.sluice.server.source.kubernetes.SliceFacts.Instance;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SliceIndexTest {
  private static final ServiceId ORDERS = new ServiceId("orders", "shop");
  private static final ServiceId CARTS = new ServiceId("carts", "shop");

  private final SliceIndex index = new SliceIndex();

  @Test
  void aServiceHasItsSlicesInTheOrderOfTheirNames() {
    SliceFacts second = slice("orders", "pod-2");
    SliceFacts first = slice("orders", "pod-1");

    assertThat(index.put("shop/orders-b", List.of(second))).containsExactly(ORDERS);
    assertThat(index.hasSeveral(ORDERS)).isFalse();
    index.put("shop/orders-a", List.of(first));

    assertThat(index.of(ORDERS)).containsExactly(first, second);
    assertThat(index.hasSeveral(ORDERS)).isTrue();
    assertThat(index.of(new ServiceId("orders", "other"))).isEmpty();
  }

  @Test
  void aSliceThatIsGoneConcernsWhoHadIt() {
    index.put("shop/orders-a", List.of(slice("orders", "pod-1")));

    assertThat(index.put("shop/orders-a", null)).containsExactly(ORDERS);
    assertThat(index.of(ORDERS)).isEmpty();
    assertThat(index.ofPod("shop/pod-1")).isEmpty();
    assertThat(index.put("shop/orders-a", null)).isEmpty();
  }

  @Test
  void aSliceThatBecomesAnotherServicesConcernsBoth() {
    index.put("shop/a", List.of(slice("orders", "pod-1")));

    assertThat(index.put("shop/a", List.of(slice("carts", "pod-1"))))
        .containsExactlyInAnyOrder(ORDERS, CARTS);
    assertThat(index.ofPod("shop/pod-1")).containsExactly(CARTS);
    assertThat(index.of(ORDERS)).isEmpty();
  }

  @Test
  void aPodIsOfEveryServiceThatHasItAndOfASliceThatStillDoes() {
    index.put("shop/orders-a", List.of(slice("orders", "pod-1", "pod-2")));
    index.put("shop/orders-b", List.of(slice("orders", "pod-1")));
    index.put("shop/carts-a", List.of(slice("carts", "pod-1")));
    assertThat(index.ofPod("shop/pod-1")).containsExactlyInAnyOrder(ORDERS, CARTS);

    index.put("shop/orders-a", List.of(slice("orders", "pod-2")));
    assertThat(index.ofPod("shop/pod-1")).containsExactlyInAnyOrder(ORDERS, CARTS);
    index.put("shop/orders-b", null);
    assertThat(index.ofPod("shop/pod-1")).containsExactly(CARTS);
    assertThat(index.ofPod("shop/pod-2")).containsExactly(ORDERS);
  }

  @Test
  void aNodeHasTheServicesOfItsInstances() {
    index.put("shop/orders-a", List.of(slice("orders", "pod-1")));
    index.put("shop/carts-a", List.of(slice("carts", "pod-2")));

    assertThat(index.ofNode("node-of-pod-1")).containsExactly(ORDERS);
    assertThat(index.ofNode("node-of-nobody")).isEmpty();
  }

  private static SliceFacts slice(String service, String... pods) {
    return new SliceFacts(
        service,
        Optional.empty(),
        "IPv4",
        Collections.emptySortedMap(),
        Stream.of(pods)
            .map(pod -> new Instance("10.0.0.1", Health.HEALTHY, pod, "node-of-" + pod, null))
            .toList());
  }
}
