package dev.sluice.server.overrides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.overrides.OverrideRequest.Care;
import dev.sluice.server.overrides.OverrideRequest.Doing;
import dev.sluice.spec.InstanceOverride;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SameInstanceTest {
  private static final SourceName EAST = new SourceName("kubernetes", "east");
  private static final SourceName WEST = new SourceName("kubernetes", "west");

  private final FakeViews views = new FakeViews();
  private final Overrides overrides = views.overrides();

  @Test
  void podsOfOneNameInTwoClustersAreTwoAndAreToldApartByTheirAddresses() {
    twoClusters();

    assertThatThrownBy(() -> overrides.drain(request("orders-0", Care.REFUSE), Wish.DRAIN))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("\"orders-0\" means 2 instances of orders.shop: 10.0.0.1:8080 (pod");
    overrides.drain(request("10.0.0.1", Care.REFUSE), Wish.DRAIN);

    assertThat(only().spec().match().address()).isEqualTo("10.0.0.1:8080");
    assertThat(only().spec().match().pod()).isNull();
    // The other is the last but one: orders-1 is left.
    overrides.drain(request("orders-1", Care.REFUSE), Wish.DRAIN);
    assertThatThrownBy(() -> overrides.drain(request("10.1.0.1", Care.REFUSE), Wish.DRAIN))
        .hasMessageContaining("is the last healthy instance");
  }

  @Test
  void whatIsAboutAnotherPodTooIsNamedByItsPod() {
    twoClusters();
    overrides.drain(request("orders-0", Care.FORCE), Wish.DRAIN);

    assertThat(only().spec().match().pod()).isEqualTo("orders-0");
    assertThatThrownBy(() -> overrides.restore(request("10.0.0.1", Care.REFUSE)))
        .hasMessageContaining("is about 10.1.0.1:8080 (pod orders-0) too")
        .hasMessageContaining("name what it was drained by (orders-0)");
    assertThat(overrides.restore(request("orders-0", Care.REFUSE)).removed()).hasSize(1);
  }

  @Test
  void aPodWithTwoAddressesIsOne() {
    views.tell(
        FakeViews.CONSUL,
        service("orders", pod(EAST, "10.0.0.1", "orders-0"), pod(EAST, "2001:db8::1", "orders-0")));

    overrides.drain(request("10.0.0.1", Care.FORCE), Wish.DRAIN);

    assertThat(only().spec().match().pod()).isEqualTo("orders-0");
    assertThat(overrides.restore(request("2001:db8::1", Care.REFUSE)).removed()).hasSize(1);
  }

  @Test
  void otherServicesOfTheInstanceAreNamedUntilItIsDrainedThereToo() {
    Endpoint one = pod(EAST, "10.0.0.1", "orders-0");
    Endpoint two = pod(EAST, "10.0.0.2", "orders-1");
    views.tell(
        FakeViews.CONSUL,
        service("legacy", one, two),
        service("orders", one, two),
        service("stock", two));
    views.tell(
        FakeViews.CONSUL,
        "web.yaml",
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: web, namespace: shop}
        spec:
          target:
            service: web
            port: 80
            backends: [{name: own, static: ["10.0.0.1:8080"]}]
        """);

    assertThat(overrides.drain(request("10.0.0.1", Care.REFUSE), Wish.DRAIN).warnings())
        .containsExactly(
            "10.0.0.1:8080 (pod orders-0) is called under other names too, which stay as they are:"
                + " legacy.shop, web.shop; drain it there as well");
    overrides.drain(
        new OverrideRequest("legacy", "orders-0", Optional.empty(), Care.REFUSE, Doing.DO, "test"),
        Wish.DRAIN);
    assertThat(overrides.drain(request("orders-0", Care.REFUSE), Wish.DRAIN).warnings())
        .singleElement()
        .asString()
        .contains("web.shop")
        .doesNotContain("legacy");
  }

  private void twoClusters() {
    views.tell(
        FakeViews.CONSUL,
        service(
            "orders",
            pod(EAST, "10.0.0.1", "orders-0"),
            pod(WEST, "10.1.0.1", "orders-0"),
            pod(WEST, "10.1.0.2", "orders-1")));
  }

  private static Service service(String name, Endpoint... endpoints) {
    return new Service(
        new ServiceId(name, "shop"),
        List.of(new ServicePort("http", 80, null)),
        List.of(endpoints));
  }

  private static Endpoint pod(SourceName source, String address, String name) {
    return new Endpoint(
        address,
        new TreeMap<>(Map.of("http", 8080)),
        new TreeMap<>(Map.of(Endpoint.POD_LABEL, name)),
        1,
        Locality.UNKNOWN,
        Health.HEALTHY,
        source);
  }

  private static OverrideRequest request(String instance, Care care) {
    return new OverrideRequest("orders", instance, Optional.empty(), care, Doing.DO, "test");
  }

  private InstanceOverride only() {
    List<InstanceOverride> all =
        views.image.documents().all().values().stream()
            .filter(InstanceOverride.class::isInstance)
            .map(InstanceOverride.class::cast)
            .toList();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }
}
