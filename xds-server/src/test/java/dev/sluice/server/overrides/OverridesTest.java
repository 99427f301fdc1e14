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
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.status.Acknowledged;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.InstanceOverride.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class OverridesTest {
  private static final SourceName KUBERNETES = new SourceName("kubernetes", "dc1");
  private static final String POLICY =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec:
        target: {service: orders}
        versions: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
        split: {weights: {v1: 50, v2: 50}}
      """;
  private static final String BY_HAND =
      """
      apiVersion: sluice.dev/v1
      kind: InstanceOverride
      metadata: {name: by-hand, namespace: shop}
      spec: {service: orders, match: {address: 10.0.0.1}, state: out}
      """;

  private final FakeViews views = new FakeViews();
  private final Overrides overrides = views.overrides();

  @Test
  void aDrainIsWrittenWhereTheServicesPolicyIs() {
    machines();
    views.tell(FakeViews.CONSUL, "consul/dc1/orders", POLICY);

    Drained drained = overrides.drain(request("orders", "10.0.0.1:8080"), Wish.DRAIN);

    assertThat(drained.source()).isEqualTo(FakeViews.CONSUL);
    assertThat(drained.place()).endsWith(" beside consul/dc1/orders");
    InstanceOverride written = only();
    assertThat(written.spec().state()).isEqualTo(State.DRAIN);
    assertThat(written.spec().match().address()).isEqualTo("10.0.0.1:8080");
    assertThat(standing("10.0.0.1").overrides())
        .singleElement()
        .matches(it -> it.edition().equals(drained.edition()) && it.isDrain());
  }

  @Test
  void withoutAPolicyItIsWrittenWhereItsInstancesComeFrom() {
    machines();

    assertThat(overrides.drain(request("orders.shop", "10.0.0.1"), Wish.DRAIN).source())
        .isEqualTo(FakeViews.CONSUL);
  }

  @Test
  void whereNothingDecidesTheChoicesAreNamedAndOneCanBeMade() {
    tell(KUBERNETES, pod("10.0.0.1", "orders-1"), pod("10.0.0.2", "orders-2"));

    refused(
        Why.CONFLICT,
        () -> overrides.drain(request("orders", "orders-1"), Wish.DRAIN),
        "choose with --source consul/dc1 or --source file/files");
    refused(
        Why.WRONG,
        () -> overrides.drain(from("consul/dc2"), Wish.DRAIN),
        "no source \"consul/dc2\" that can hold documents; choose with");

    assertThat(overrides.drain(from("file/files"), Wish.DRAIN).source()).isEqualTo(FakeViews.FILES);
    // What is there already decides from then on.
    assertThat(overrides.drain(request("orders", "orders-1"), Wish.DRAIN).source())
        .isEqualTo(FakeViews.FILES);
    refused(
        Why.CONFLICT,
        () -> overrides.drain(from("consul/dc1"), Wish.DRAIN),
        "is in file/files already");
  }

  @Test
  void aPodIsOneDocumentWhateverItIsCalled() {
    tell(FakeViews.CONSUL, pod("10.0.0.1", "orders-1"), pod("10.0.0.2", "orders-2"));

    overrides.drain(request("orders", "orders-1"), Wish.DRAIN);
    overrides.drain(request("orders", "10.0.0.1"), out());
    overrides.drain(request("orders", "10.0.0.1:8080"), out());

    assertThat(only().spec().match().pod()).isEqualTo("orders-1");
    assertThat(only().spec().state()).isEqualTo(State.OUT);
    assertThat(overrides.restore(request("orders", "10.0.0.1")).removed()).hasSize(1);
    assertThat(written()).isEmpty();
  }

  @Test
  void whatIsNotKnownIsRefusedWithWhatIs() {
    machines();

    refused(
        Why.UNKNOWN,
        () -> overrides.drain(request("order", "10.0.0.1"), Wish.DRAIN),
        "no service \"order\" is known; did you mean orders.shop?");
    refused(
        Why.UNKNOWN,
        () -> overrides.drain(request("orders", "10.0.0.9"), Wish.DRAIN),
        "no instance \"10.0.0.9\" of orders.shop is known; there are 10.0.0.1:8080, 10.0.0.2:8080");
    refused(
        Why.UNKNOWN,
        () -> overrides.restore(request("orders", "10.0.0.9")),
        "no instance \"10.0.0.9\" of orders.shop is known");
    assertThat(overrides.drain(forced("orders", "10.0.0.9"), Wish.DRAIN).instance())
        .isEqualTo("10.0.0.9");
    assertThat(overrides.restore(request("orders", "10.0.0.9")).removed()).hasSize(1);
  }

  @Test
  void aNameThatSeveralNamespacesHaveIsRefused() {
    machines();
    views.tell(
        FakeViews.FILES,
        service(new ServiceId("orders", "edge"), endpoint("10.1.0.1", 80, Map.of())));

    refused(
        Why.CONFLICT,
        () -> overrides.drain(request("orders", "10.0.0.1"), Wish.DRAIN),
        "write orders.edge or orders.shop");
  }

  @Test
  void theLastHealthyInstanceIsTakenByForceAlone() {
    machines();
    overrides.drain(request("orders", "10.0.0.1"), Wish.DRAIN);

    refused(
        Why.CONFLICT,
        () -> overrides.drain(request("orders", "10.0.0.2"), out()),
        "10.0.0.2:8080 is the last healthy instance of orders.shop: nobody would answer");
    assertThat(overrides.drain(forced("orders", "10.0.0.2"), out()).warnings())
        .singleElement()
        .asString()
        .contains("last healthy instance");
    // It takes nothing away from one that has nothing.
    assertThat(overrides.drain(request("orders", "10.0.0.2"), out()).warnings()).isEmpty();
  }

  @Test
  void aWeightTakesNothingAwayFromTheLastOne() {
    tell(FakeViews.CONSUL, endpoint("10.0.0.1", 8080, Map.of()));
    Wish light =
        new Wish(
            Optional.empty(),
            OptionalInt.of(1),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    overrides.drain(request("orders", "10.0.0.1"), light);

    assertThat(only().spec().weight()).isEqualTo(1);
    assertThat(only().spec().state()).isNull();
  }

  @Test
  void theLastOfAVersionIsAWarning() {
    tell(
        FakeViews.CONSUL,
        endpoint("10.0.0.1", 8080, Map.of("version", "v1")),
        endpoint("10.0.0.2", 8080, Map.of("version", "v2")));
    views.tell(FakeViews.CONSUL, "orders.yaml", POLICY);

    assertThat(overrides.drain(request("orders", "10.0.0.2"), Wish.DRAIN).warnings())
        .singleElement()
        .asString()
        .contains("last healthy instance of version v2 of orders.shop");
  }

  @Test
  void anAddressOfSeveralInstancesHasToBeNamedWithItsPort() {
    tell(
        FakeViews.CONSUL,
        endpoint("10.0.0.1", 8080, Map.of()),
        endpoint("10.0.0.1", 8081, Map.of()),
        endpoint("10.0.0.2", 8080, Map.of()));

    refused(
        Why.CONFLICT,
        () -> overrides.drain(request("orders", "10.0.0.1"), Wish.DRAIN),
        "means 2 instances of orders.shop: 10.0.0.1:8080, 10.0.0.1:8081; name one");
    overrides.drain(forced("orders", "10.0.0.1"), Wish.DRAIN);
    refused(
        Why.CONFLICT,
        () -> overrides.restore(request("orders", "10.0.0.1:8081")),
        "is about 10.0.0.1:8080 too; name what it was drained by (10.0.0.1)");
    assertThat(overrides.restore(request("orders", "10.0.0.1")).removed()).hasSize(1);
    overrides.drain(request("orders", "10.0.0.1:8081"), Wish.DRAIN);
    assertThat(only().spec().match().address()).isEqualTo("10.0.0.1:8081");
  }

  @Test
  void ofAnInstanceWithSeveralPortsOneOrAllAreTaken() {
    Endpoint two =
        new Endpoint(
            "10.0.0.1",
            new TreeMap<>(Map.of("http", 8080, "admin", 9000, "grpc", 9100)),
            new TreeMap<>(),
            1,
            Locality.UNKNOWN,
            Health.HEALTHY,
            FakeViews.CONSUL);
    tell(FakeViews.CONSUL, two, endpoint("10.0.0.2", 8080, Map.of()));

    overrides.drain(request("orders", "10.0.0.1:8080,9000,9100"), Wish.DRAIN);
    assertThat(only().spec().match().address()).isEqualTo("10.0.0.1");
    overrides.restore(request("orders", "10.0.0.1"));
    overrides.drain(request("orders", "10.0.0.1:9000"), Wish.DRAIN);
    assertThat(only().spec().match().address()).isEqualTo("10.0.0.1:9000");
    refused(
        Why.WRONG,
        () -> overrides.drain(request("orders", "10.0.0.1:8080,9000"), Wish.DRAIN),
        "10.0.0.1 has the ports [8080, 9000, 9100]; name all of them, or none, or one");
  }

  @Test
  void whatPeopleWroteIsNamedAndStays() {
    machines();
    views.tell(FakeViews.FILES, "by-hand.yaml", BY_HAND);

    Restored none = overrides.restore(request("orders", "10.0.0.1"));
    overrides.drain(request("orders", "10.0.0.1"), Wish.DRAIN);
    Restored one = overrides.restore(request("orders", "10.0.0.1"));

    assertThat(none.removed()).isEmpty();
    assertThat(none.holding()).singleElement().matches(it -> it.place().equals("by-hand.yaml:1:1"));
    assertThat(one.removed()).hasSize(1);
    assertThat(one.holding()).hasSize(1);
    assertThat(only().metadata().name()).isEqualTo("by-hand");
    assertThat(overrides.restore(request("orders", "10.0.0.2")).holding()).isEmpty();
  }

  @Test
  void aDryRunChangesNothing() {
    machines();
    OverrideRequest dry =
        new OverrideRequest(
            "orders", "10.0.0.1", Optional.empty(), Care.REFUSE, Doing.DRY_RUN, "test");

    assertThat(overrides.drain(dry, Wish.DRAIN).text()).contains("state: drain");
    assertThat(written()).isEmpty();
    overrides.drain(request("orders", "10.0.0.1"), Wish.DRAIN);
    assertThat(overrides.restore(dry).removed()).hasSize(1);
    assertThat(written()).hasSize(1);
  }

  @Test
  void whatWouldBeNoValidDocumentIsRefused() {
    machines();
    Wish heavy =
        new Wish(
            Optional.empty(),
            OptionalInt.of(0),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    refused(
        Why.WRONG, () -> overrides.drain(request("orders", "10.0.0.1"), heavy), "$.spec.weight: ");
  }

  @Test
  void aServerThatDoesNotKnowEverythingWritesNothing() {
    machines();
    views.synced = false;

    refused(
        Why.UNAVAILABLE,
        () -> overrides.drain(request("orders", "10.0.0.1"), Wish.DRAIN),
        "not every source has synced");
  }

  @Test
  void aProxyHasItOnceItAcknowledgedTheNewestInstances() {
    machines();
    String newest = FakeViews.assignment("orders.shop|80").version();
    views.snapshot =
        Optional.of(
            Snapshot.of(
                List.of(
                    FakeViews.assignment("orders.shop|80"),
                    FakeViews.assignment("orders.shopping|80"))));
    views.nodes =
        () ->
            List.of(
                FakeViews.node("b", "orders.shop|80", newest),
                FakeViews.node("a", "orders.shop|80", "older"),
                FakeViews.node("c", "orders.shopping|80", "older"));

    assertThat(standing("10.0.0.1").proxies())
        .containsExactly(
            new Acknowledged("a", false, "waits for its clusters"),
            new Acknowledged("b", true, ""));
  }

  private Standing standing(String instance) {
    return overrides.standing(forced("orders", instance));
  }

  private static void refused(Why why, ThrowingCallable call, String words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.why()).as("%s", e).isEqualTo(why))
        .hasMessageContaining(words);
  }

  private void machines() {
    tell(
        FakeViews.CONSUL,
        endpoint("10.0.0.1", 8080, Map.of()),
        endpoint("10.0.0.2", 8080, Map.of()));
  }

  private void tell(SourceName source, Endpoint... endpoints) {
    views.tell(source, service(new ServiceId("orders", "shop"), endpoints));
  }

  private static Service service(ServiceId id, Endpoint... endpoints) {
    return new Service(id, List.of(new ServicePort("http", 80, null)), List.of(endpoints));
  }

  private static Endpoint pod(String address, String name) {
    return endpoint(address, 8080, Map.of(Endpoint.POD_LABEL, name));
  }

  private static Endpoint endpoint(String address, int port, Map<String, String> labels) {
    return new Endpoint(
        address,
        new TreeMap<>(Map.of("http", port)),
        new TreeMap<>(labels),
        1,
        Locality.UNKNOWN,
        Health.HEALTHY,
        FakeViews.CONSUL);
  }

  private static Wish out() {
    return new Wish(
        Optional.of(State.OUT),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static OverrideRequest request(String service, String instance) {
    return new OverrideRequest(service, instance, Optional.empty(), Care.REFUSE, Doing.DO, "test");
  }

  private static OverrideRequest forced(String service, String instance) {
    return new OverrideRequest(service, instance, Optional.empty(), Care.FORCE, Doing.DO, "test");
  }

  private static OverrideRequest from(String source) {
    return new OverrideRequest(
        "orders", "orders-1", Optional.of(source), Care.REFUSE, Doing.DO, "test");
  }

  private List<InstanceOverride> written() {
    return views.image.documents().all().values().stream()
        .filter(InstanceOverride.class::isInstance)
        .map(InstanceOverride.class::cast)
        .toList();
  }

  private InstanceOverride only() {
    assertThat(written()).hasSize(1);
    return written().getFirst();
  }
}
