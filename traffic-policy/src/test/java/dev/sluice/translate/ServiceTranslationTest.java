package dev.sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.policy.attach.EffectiveSplit.ByCluster;
import dev.sluice.spec.Split.OnEmpty;
import dev.sluice.translate.VirtualHostInput.ActionInput;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ServiceTranslationTest {
  private static final ByCluster CANARY =
      new ByCluster(new TreeMap<>(Map.of("v1", 90, "v2", 10)), new OnEmpty.Redistribute());

  @Test
  void anInstanceMoreChangesTheAssignmentOfItsVersionAndNothingElse() {
    PortTranslation before =
        translate(Given.endpoint("10.0.0.1", "v1"), Given.endpoint("10.0.0.2", "v2"));
    PortTranslation after =
        translate(
            Given.endpoint("10.0.0.1", "v1"),
            Given.endpoint("10.0.0.2", "v2"),
            Given.endpoint("10.0.0.3", "v2"));
    assertThat(after.clusters()).isEqualTo(before.clusters());
    assertThat(after.meshVirtualHost("shop")).isEqualTo(before.meshVirtualHost("shop"));
    assertThat(after.assignments().getFirst()).isEqualTo(before.assignments().getFirst());
    assertThat(after.assignments().getLast()).isNotEqualTo(before.assignments().getLast());
  }

  @Test
  void aVersionThatHasOnlyADrainingInstanceLosesItsShareAndKeepsItsAssignment() {
    PortTranslation port =
        translate(
            Given.endpoint("10.0.0.1", "v1"), Given.endpoint("10.0.0.2", "v2", 1, Health.DRAINING));
    assertThat(forward(port).clusters())
        .containsExactly(Map.entry("orders.shop|80|v1", 90L), Map.entry("orders.shop|80|v2", 0L));
    assertThat(port.assignments().getLast().localities()).hasSize(1);
    assertThat(port.assignments().getLast().isReady()).isFalse();
  }

  @Test
  void anInstanceThatIsNotHealthyIsLeftOut() {
    PortTranslation port =
        translate(
            Given.endpoint("10.0.0.1", "v1"),
            Given.endpoint("10.0.0.2", "v2", 1, Health.UNHEALTHY));
    assertThat(port.assignments().getLast().localities()).isEmpty();
  }

  @Test
  void shortNamesAreForCallersOfTheSameNamespace() {
    PortTranslation port = translate();
    assertThat(port.meshVirtualHost("shop").domains()).contains("orders", "orders:80");
    assertThat(port.meshVirtualHost("billing").domains())
        .containsExactly(
            "orders.shop",
            "orders.shop.svc.cluster.local",
            "orders.shop.svc.cluster.local:80",
            "orders.shop:80");
  }

  @Test
  void weightsThatSumToMoreThanARouteTakesAreMadeSmaller() {
    int most = Integer.MAX_VALUE;
    var weights = new TreeMap<>(Map.of("v1", most, "v2", most, "v3", most, "v4", 1, "v5", 0));
    assertThat(Shares.of(weights, weights.keySet(), new OnEmpty.Fail()))
        .satisfies(
            shares ->
                assertThat(shares.values().stream().mapToLong(Long::longValue).sum())
                    .isLessThanOrEqualTo(0xFFFF_FFFFL))
        .containsEntry("v4", 1L)
        .containsEntry("v5", 0L);
  }

  private static ActionInput.Forward forward(PortTranslation port) {
    return (ActionInput.Forward) port.routes().getLast().action();
  }

  private static PortTranslation translate(Endpoint... endpoints) {
    Service service = Given.orders(Protocol.HTTP, endpoints);
    return ServiceTranslation.of(service, List.of(Given.split(service, CANARY))).ports().getFirst();
  }
}
