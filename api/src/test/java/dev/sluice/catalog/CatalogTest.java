package dev.sluice.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CatalogTest {
  private final ServiceId orders = new ServiceId("orders", "shop");
  private final ServicePort http = new ServicePort("http", 80, Protocol.HTTP);

  @Test
  void aChangedCatalogLeavesTheOneBeforeAsItWas() {
    Catalog before = Catalog.of(List.of(new Service(orders, List.of(http), List.of())));
    Catalog after = before.without(orders);
    assertThat(before.service(orders)).isPresent();
    assertThat(after.service(orders)).isEmpty();
    assertThat(after).isEqualTo(Catalog.EMPTY);
  }

  @Test
  void servicesAreSortedAndNotModifiable() {
    ServiceId audit = new ServiceId("audit", "shop");
    ServiceId web = new ServiceId("web", "edge");
    Catalog catalog =
        Catalog.of(
            List.of(
                new Service(orders, List.of(http), List.of()),
                new Service(audit, List.of(http), List.of()),
                new Service(web, List.of(http), List.of())));
    assertThat(catalog.services().keySet()).containsExactly(web, audit, orders);
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> catalog.services().clear());
  }

  @Test
  void endpointsInAnyOrderMakeEqualServices() {
    Endpoint one = endpoint("10.0.0.1");
    Endpoint two = endpoint("10.0.0.2");
    assertThat(new Service(orders, List.of(http), List.of(one, two)))
        .isEqualTo(new Service(orders, List.of(http), List.of(two, one)));
  }

  @Test
  void anEndpointHasTheLabelsThatAreWanted() {
    assertThat(endpoint("10.0.0.1").hasLabels(Map.of("version", "v1"))).isTrue();
    assertThat(endpoint("10.0.0.1").hasLabels(Map.of())).isTrue();
    assertThat(endpoint("10.0.0.1").hasLabels(Map.of("version", "v2"))).isFalse();
  }

  @Test
  void aServiceIsNamedWithItsNamespaceOrWithout() {
    assertThat(ServiceId.parse("orders", "shop")).isEqualTo(orders);
    assertThat(ServiceId.parse("orders.shop", "edge")).isEqualTo(orders).hasToString("orders.shop");
  }

  private static Endpoint endpoint(String address) {
    return new Endpoint(
        address,
        new TreeMap<>(Map.of("http", 8080)),
        new TreeMap<>(Map.of("version", "v1", "app", "orders")),
        1,
        Locality.UNKNOWN,
        Health.HEALTHY,
        new SourceName("file", "test"));
  }
}
