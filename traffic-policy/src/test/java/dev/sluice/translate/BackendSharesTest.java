package dev.sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.problem.Problem;
import dev.sluice.source.DocumentReader.Item;
import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.spec.Documents;
import dev.sluice.translate.AssignmentInput.LocalityEndpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The shares of backends, in each of a policy's assignments. */
class BackendSharesTest {
  private static final SourceName PODS = new SourceName("kubernetes", "dc1");
  private static final SourceName VMS = new SourceName("consul", "dc1");
  private static final String BACKENDS =
      """
          backends:
            - {name: pods, kubernetes: {cluster: dc1}, weight: 3}
            - {name: vms, consul: {datacenter: dc1}}
      """;
  private static final String VERSIONS =
      """
        versions: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
        loadBalancer: {type: RoundRobin}
      """;

  /** Of both versions in both backends, but in unequal numbers. */
  private final List<Endpoint> endpoints =
      new ArrayList<>(
          List.of(
              endpoint("10.1.1.1", "v1", PODS),
              endpoint("10.1.1.2", "v1", PODS),
              endpoint("10.1.1.3", "v1", PODS),
              endpoint("10.1.2.1", "v2", PODS),
              endpoint("10.2.1.1", "v1", VMS),
              endpoint("10.2.2.1", "v2", VMS),
              endpoint("10.2.2.2", "v2", VMS)));

  @Test
  void theSharesHoldInTheClusterOfAllAndInThatOfEachVersion() {
    PortTranslation port = translate(BACKENDS + VERSIONS);

    assertThat(weights(port, "orders.shop|80"))
        .isEqualTo(Map.of("10.1.1", 3 * 9L, "10.1.2", 9L, "10.2.1", 4L, "10.2.2", 8L));
    assertThat(weights(port, "orders.shop|80|v1")).isEqualTo(Map.of("10.1.1", 3L, "10.2.1", 1L));
    assertThat(weights(port, "orders.shop|80|v2")).isEqualTo(Map.of("10.1.2", 6L, "10.2.2", 2L));
  }

  @Test
  void withoutAWeightEveryInstanceCounts() {
    PortTranslation port = translate(BACKENDS.replace(", weight: 3", "") + VERSIONS);

    assertThat(weights(port, "orders.shop|80"))
        .isEqualTo(Map.of("10.1.1", 3L, "10.1.2", 1L, "10.2.1", 1L, "10.2.2", 2L));
  }

  @Test
  void aBackendThatHasNoneOfAVersionLeavesItsShareThere() {
    endpoints.removeIf(it -> it.address().equals("10.2.1.1"));
    PortTranslation port = translate(BACKENDS + VERSIONS);

    assertThat(weights(port, "orders.shop|80|v1")).isEqualTo(Map.of("10.1.1", 3L));
    assertThat(weights(port, "orders.shop|80|v2")).isEqualTo(Map.of("10.1.2", 6L, "10.2.2", 2L));
  }

  @Test
  void inEndpointModeAVersionsShareIsDividedByItsBackendsShares() {
    PortTranslation port =
        translate(BACKENDS + VERSIONS + "  split: {mode: endpoint, weights: {v1: 90, v2: 10}}\n");

    // 90 % in three parts to one, then among three pods; 10 % in three to one, then between two.
    assertThat(weights(port, "orders.shop|80"))
        .isEqualTo(Map.of("10.1.1", 54L, "10.2.1", 18L, "10.1.2", 6L, "10.2.2", 2L));
  }

  @Test
  void inEndpointModeAVersionKeepsItsShareWhereABackendHasNoneOfIt() {
    endpoints.removeIf(it -> it.address().startsWith("10.2.1."));
    PortTranslation port =
        translate(BACKENDS + VERSIONS + "  split: {mode: endpoint, weights: {v1: 50, v2: 50}}\n");

    SortedMap<String, Long> weights = weights(port, "orders.shop|80");
    assertThat(weights).isEqualTo(Map.of("10.1.1", 24L, "10.1.2", 18L, "10.2.2", 6L));
  }

  @Test
  void byPodCountInstancesAreAlikeWithinTheirBackend() {
    endpoints.set(0, withWeight(endpoints.getFirst(), 50));
    PortTranslation port = translate(BACKENDS + VERSIONS + "  split: {by: podCount}\n");

    assertThat(weights(port, "orders.shop|80"))
        .isEqualTo(Map.of("10.1.1", 3 * 9L, "10.1.2", 9L, "10.2.1", 4L, "10.2.2", 8L));
  }

  @Test
  void anOverriddenInstanceHasItsWeightWithinItsBackend() {
    String override =
        """
        ---
        apiVersion: sluice.dev/v1
        kind: InstanceOverride
        metadata: {name: %s, namespace: shop}
        spec: {service: orders, match: {address: %s}, %s}
        """;
    PortTranslation port =
        translate(
            BACKENDS
                + VERSIONS
                + override.formatted("heavy", "10.2.2.1", "weight: 4")
                + override.formatted("out", "10.1.1.1", "state: out")
                + override.formatted("drains", "10.2.1.1", "state: drain"));

    assertThat(each(port, "orders.shop|80"))
        .isEqualTo(
            Map.of(
                "10.1.1.2",
                5L,
                "10.1.1.3",
                5L,
                "10.1.2.1",
                5L, // 15 of 20
                "10.2.1.1",
                1L, // which takes nothing new
                "10.2.2.1",
                4L,
                "10.2.2.2",
                1L)); // 5 of 20
  }

  @Test
  void whereTheNearestComeFirstWeightsAreTheSameInEachStep() {
    PortTranslation port =
        translate(BACKENDS + "  locality: {mode: failover, order: [region, any]}\n");
    List<LocalityEndpoints> localities =
        port.assignments(new Locality("consul", "")).getFirst().localities();

    assertThat(localities)
        .extracting(it -> it.locality().region() + " " + it.priority() + " " + it.readyWeight())
        .containsExactly("consul 0 12", "kubernetes 1 36");
  }

  @Test
  void whereLocalitiesHaveWeightsTheseCountBetweenThemAndSharesWithin() {
    PortTranslation port =
        translate(
            BACKENDS
                + "      - {name: more, static: [\"10.3.0.1:80\"], weight: 1, locality: {region: consul}}\n"
                + "  locality: {mode: weighted, weights: {consul: 80, kubernetes: 20}}\n");
    List<LocalityEndpoints> localities = port.assignments().getFirst().localities();

    assertThat(localities)
        .extracting(it -> it.locality().region() + " " + it.weight().orElse(-1))
        .containsExactly("consul 4", "kubernetes 1");
    // Three machines have together what the one address has.
    assertThat(weights(port, "orders.shop|80"))
        .isEqualTo(Map.of("10.1.1", 27L, "10.1.2", 9L, "10.2.1", 4L, "10.2.2", 8L, "10.3.0", 12L));
  }

  @Test
  void grpcClientsAreToldOfSharesByLocalitiesUnlessTheyHaveARing() {
    String ring = BACKENDS + "  loadBalancer: {type: ConsistentHash, hash: [{header: x-user}]}\n";

    assertThat(subZones(translate(BACKENDS + VERSIONS, ClientKind.GRPC)))
        .isEqualTo(Map.of("pods", 36L, "vms", 12L));
    assertThat(
            subZones(
                translate(
                    BACKENDS + VERSIONS + "  split: {mode: endpoint, weights: {v1: 1, v2: 3}}\n",
                    ClientKind.GRPC)))
        .isEqualTo(Map.of("v1/pods", 6L, "v1/vms", 2L, "v2/pods", 18L, "v2/vms", 6L));
    assertThat(subZones(translate(ring, ClientKind.GRPC))).containsOnlyKeys("");
  }

  private PortTranslation translate(String spec) {
    return translate(spec, ClientKind.ENVOY);
  }

  /** The policy's only port. */
  private PortTranslation translate(String spec, ClientKind client) {
    String text =
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: orders, namespace: shop}
        spec:
          target:
            service: orders
        """
            + spec;
    Reading reading = DocumentParser.reader().read("policy.yaml", text);
    if (Problem.anyError(reading.problems())) {
      throw new AssertionError(reading.problems());
    }
    Service service = new Service(Given.ORDERS, List.of(new ServicePort("", 80, null)), endpoints);
    PolicyIndex index =
        PolicyIndex.of(
            Documents.of(
                reading.items().stream().map(Item::document).flatMap(Optional::stream).toList()),
            Catalog.of(List.of(service)));
    return ServiceTranslation.of(service, index.policies(Given.ORDERS), client).ports().getFirst();
  }

  private static Endpoint endpoint(String address, String version, SourceName source) {
    return new Endpoint(
        address,
        new TreeMap<>(Map.of("", 8080)),
        new TreeMap<>(Map.of("version", version)),
        1,
        new Locality(source.kind(), ""),
        Health.HEALTHY,
        source);
  }

  private static Endpoint withWeight(Endpoint endpoint, int weight) {
    return new Endpoint(
        endpoint.address(),
        endpoint.ports(),
        endpoint.labels(),
        weight,
        endpoint.locality(),
        endpoint.health(),
        endpoint.source());
  }

  private static List<LocalityEndpoints> localities(PortTranslation port, String cluster) {
    return port.assignments().stream()
        .filter(assignment -> assignment.cluster().equals(cluster))
        .findFirst()
        .orElseThrow()
        .localities();
  }

  private static SortedMap<String, Long> each(PortTranslation port, String cluster) {
    SortedMap<String, Long> weights = new TreeMap<>();
    localities(port, cluster)
        .forEach(group -> group.endpoints().forEach(it -> weights.put(it.address(), it.weight())));
    return weights;
  }

  /** What those have together whose addresses begin alike. */
  private static SortedMap<String, Long> weights(PortTranslation port, String cluster) {
    SortedMap<String, Long> weights = new TreeMap<>();
    each(port, cluster)
        .forEach(
            (address, weight) ->
                weights.merge(address.substring(0, address.lastIndexOf('.')), weight, Long::sum));
    return weights;
  }

  private static SortedMap<String, Long> subZones(PortTranslation port) {
    SortedMap<String, Long> subZones = new TreeMap<>();
    localities(port, "orders.shop|80")
        .forEach(it -> subZones.merge(it.subZone(), it.readyWeight(), Long::sum));
    return subZones;
  }
}
