package dev.sluice.server.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.server.source.kubernetes.SliceFacts.Instance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServiceJoinTest {
  private static final ServiceId ID = new ServiceId("orders", "shop");
  private static final ServicePort HTTP = new ServicePort("http", 80, null);
  private static final ServicePort ADMIN = new ServicePort("admin", 81, null);
  private static final Map<String, Integer> HTTP_8080 = Map.of("http", 8080);

  private final Map<String, PodLabels> pods = new TreeMap<>();
  private final Map<String, Locality> nodes = new TreeMap<>();
  private final ServiceJoin join =
      new ServiceJoin(new SourceName("kubernetes", "test"), pods::get, nodes::get);

  @Test
  void anInstanceHasItsPodsLabelsAndItsNodesPlace() {
    pods.put("shop/pod-1", new PodLabels(new TreeMap<>(Map.of("version", "v1"))));
    pods.put("other/pod-1", new PodLabels(new TreeMap<>(Map.of("version", "v2"))));
    nodes.put("node-1", new Locality("north", "north-a"));

    Endpoint endpoint =
        only(facts(HTTP), slice(HTTP_8080, instance("10.0.0.1", "pod-1", "node-1", null)));

    assertThat(endpoint.labels()).isEqualTo(Map.of("version", "v1", "sluice.dev/pod", "pod-1"));
    assertThat(endpoint.locality()).isEqualTo(new Locality("north", "north-a"));
    assertThat(endpoint.ports()).isEqualTo(HTTP_8080);
  }

  @Test
  void theSlicesZoneCountsBeforeTheNodes() {
    nodes.put("node-1", new Locality("north", "north-a"));

    Instance hinted = instance("10.0.0.1", null, "node-1", "north-b");
    assertThat(only(facts(HTTP), slice(HTTP_8080, hinted)).locality())
        .isEqualTo(new Locality("north", "north-b"));
    Instance unknown = instance("10.0.0.1", null, "node-9", null);
    assertThat(only(facts(HTTP), slice(HTTP_8080, unknown)).locality()).isEqualTo(Locality.UNKNOWN);
  }

  @Test
  void slicesOfAFormerServiceOfThatNameDoNotCount() {
    SliceFacts former = owned("uid-0", instance("10.0.0.1", null, null, null));
    SliceFacts own = owned("uid-1", instance("10.0.0.2", null, null, null));

    assertThat(only(facts(HTTP), former, own).address()).isEqualTo("10.0.0.2");
  }

  @Test
  void aPodOfTwoFamiliesIsOneInstanceAtTheFirst() {
    Instance four = instance("10.0.0.1", "pod-1", null, null);
    Instance six = instance("fd00::1", "pod-1", null, null);
    SliceFacts ofFour = slice(HTTP_8080, four);
    SliceFacts ofSix = sliceOf("IPv6", HTTP_8080, six);

    assertThat(only(facts(List.of("IPv4", "IPv6"), HTTP), ofSix, ofFour).address())
        .isEqualTo("10.0.0.1");
    assertThat(only(facts(List.of("IPv6", "IPv4"), HTTP), ofFour, ofSix).address())
        .isEqualTo("fd00::1");
  }

  @Test
  void whatMovesBetweenSlicesIsOneInstanceAndTheReadierWordCounts() {
    Instance unready = new Instance("10.0.0.1", Health.UNHEALTHY, "pod-1", null, null);
    Instance ready = instance("10.0.0.1", "pod-1", null, null);

    assertThat(only(facts(HTTP), slice(HTTP_8080, unready), slice(HTTP_8080, ready)).health())
        .isEqualTo(Health.HEALTHY);
    assertThat(only(facts(HTTP), slice(HTTP_8080, ready), slice(HTTP_8080, unready)).health())
        .isEqualTo(Health.HEALTHY);
  }

  @Test
  void aSliceWithoutAPortOfTheServiceHasNoInstances() {
    Instance instance = instance("10.0.0.1", null, null, null);
    Map<String, Integer> both = Map.of("http", 8080, "metrics", 9090);

    assertThat(only(facts(HTTP, ADMIN), slice(both, instance)).ports()).isEqualTo(HTTP_8080);
    assertThat(join.service(ID, facts(ADMIN), List.of(slice(both, instance)), null).endpoints())
        .isEmpty();
  }

  @Test
  void whatHasAHostHasNoInstances() {
    ServiceFacts external =
        new ServiceFacts("uid-1", List.of(HTTP), List.of(), Optional.of("db.example.com"));

    Service service =
        join.service(
            ID, external, List.of(slice(HTTP_8080, instance("10.0.0.1", null, null, null))), null);

    assertThat(service.endpoints()).isEmpty();
    assertThat(service.host()).contains("db.example.com");
  }

  @Test
  void anInstanceWhosePodIsGoneBeforeItsSliceKnowsKeepsTheLabelsThatItHad() {
    SliceFacts slice = slice(HTTP_8080, instance("10.0.0.1", "orders-1", null, null));
    pods.put("shop/orders-1", new PodLabels(new TreeMap<>(Map.of("version", "v1"))));
    Service before = join.service(ID, facts(HTTP), List.of(slice), null);
    pods.clear();

    assertThat(join.service(ID, facts(HTTP), List.of(slice), before)).isEqualTo(before);
    assertThat(only(facts(HTTP), slice).labels())
        .as("never known")
        .isEqualTo(Map.of("sluice.dev/pod", "orders-1"));
  }

  @Test
  void anotherPodAtTheSameAddressDoesNotGetThoseLabels() {
    pods.put("shop/orders-1", new PodLabels(new TreeMap<>(Map.of("version", "v1"))));
    Service before =
        join.service(
            ID,
            facts(HTTP),
            List.of(slice(HTTP_8080, instance("10.0.0.1", "orders-1", null, null))),
            null);
    SliceFacts reused = slice(HTTP_8080, instance("10.0.0.1", "orders-2", null, null));

    Service after = join.service(ID, facts(HTTP), List.of(reused), before);
    assertThat(after.endpoints().getFirst().labels())
        .isEqualTo(Map.of("sluice.dev/pod", "orders-2"));
  }

  private Endpoint only(ServiceFacts facts, SliceFacts... slices) {
    List<Endpoint> endpoints = join.service(ID, facts, List.of(slices), null).endpoints();
    assertThat(endpoints).hasSize(1);
    return endpoints.getFirst();
  }

  private static ServiceFacts facts(ServicePort... ports) {
    return facts(List.of("IPv4"), ports);
  }

  private static ServiceFacts facts(List<String> families, ServicePort... ports) {
    return new ServiceFacts("uid-1", List.of(ports), families, Optional.empty());
  }

  private static SliceFacts slice(Map<String, Integer> ports, Instance instance) {
    return sliceOf("IPv4", ports, instance);
  }

  private static SliceFacts sliceOf(String family, Map<String, Integer> ports, Instance instance) {
    return new SliceFacts(
        "orders", Optional.empty(), family, new TreeMap<>(ports), List.of(instance));
  }

  private static SliceFacts owned(String uid, Instance instance) {
    return new SliceFacts(
        "orders", Optional.of(uid), "IPv4", new TreeMap<>(HTTP_8080), List.of(instance));
  }

  private static Instance instance(
      String address, @Nullable String pod, @Nullable String node, @Nullable String zone) {
    return new Instance(address, Health.HEALTHY, pod, node, zone);
  }
}
