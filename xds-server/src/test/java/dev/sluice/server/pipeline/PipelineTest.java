package dev.sluice.server.pipeline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.node.InboundPort;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.problem.Problem;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.catalog.Change;
import dev.sluice.server.catalog.Folded;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.server.snapshot.SnapshotStore;
import dev.sluice.source.DocumentReader;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceUpdate;
import dev.sluice.spec.ConnectionPool;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.Kind;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.TrafficPolicy;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PipelineTest {
  private static final SourceName SOURCE = new SourceName("file", "test");
  private static final String GATEWAY =
      """
      apiVersion: sluice.dev/v1
      kind: Gateway
      metadata: {name: public, namespace: shop}
      spec:
        proxies: {selector: {app: edge}}
        listeners: [{name: http, port: 8080, protocol: HTTP, hosts: ["*.example.com"]}]
      """;

  private final SnapshotStore store = new SnapshotStore();
  private final NavigableMap<Instant, Runnable> later = new TreeMap<>();
  private Instant now = Instant.parse("2026-03-01T10:00:00Z");
  private final Pipeline pipeline =
      new Pipeline(Resilience.NONE, store, Runnable::run, () -> now, later::put);
  private final Map<NodeGroup, List<SnapshotDiff>> told = new HashMap<>();
  private CatalogImage image = CatalogImage.EMPTY;

  PipelineTest() {
    store.demand(pipeline);
  }

  @Test
  void anEndpointThatChangesTouchesItsAssignmentAlone() {
    watch(sidecar());
    tell(service("orders", 1, 2), policy("orders", 90));
    tell(service("orders", 1, 4));
    assertThat(last(sidecar()).types().keySet()).containsExactly(ResourceType.ENDPOINT);
    assertThat(last(sidecar()).names(ResourceType.ENDPOINT).changed())
        .containsExactly("orders.shop|80|v2");
  }

  @Test
  void anOverrideEndsByItself() {
    watch(sidecar());
    tell(service("orders", 1, 2), overrideUntil(now.plusSeconds(60)));
    assertThat(addresses(sidecar(), "orders.shop|80")).containsExactly("10.0.0.2");
    assertThat(later.firstKey()).isEqualTo(now.plusSeconds(60));

    Map.Entry<Instant, Runnable> end = Objects.requireNonNull(later.pollFirstEntry());
    now = end.getKey();
    end.getValue().run();

    assertThat(last(sidecar()).types().keySet()).containsExactly(ResourceType.ENDPOINT);
    assertThat(addresses(sidecar(), "orders.shop|80")).containsExactly("10.0.0.1", "10.0.0.2");
    assertThat(pipeline.problems())
        .extracting(Problem::message)
        .containsExactly(
            "ended at 2026-03-01T10:01:00Z; remove the document, or write it anew to have it hold"
                + " again");
    assertThat(later).isEmpty();
  }

  @Test
  void theEndOfAnOverrideLosesNoEditThatIsSetAside() {
    NodeGroup edge = group(Role.GATEWAY, "edge");
    watch(edge);
    tell(
        service("orders", 1),
        service("users", 1),
        document(GATEWAY),
        exposed("orders", "orders.example.com"),
        exposed("users", "users.example.com"),
        overrideUntil(now.plusSeconds(60)));
    tell(exposed("users", "orders.example.com"));

    Map.Entry<Instant, Runnable> end = Objects.requireNonNull(later.pollFirstEntry());
    now = end.getKey();
    end.getValue().run();
    assertThat(accepted("users")).isFalse();

    tell(exposed("orders", "other.example.com"));
    assertThat(accepted("users")).isTrue();
    assertThat(routes(edge)).contains("orders.example.com").doesNotContain("users.example.com");
  }

  @Test
  void anOverrideThatHadEndedBeforeItWasReadNeverHolds() {
    watch(sidecar());
    tell(service("orders", 1, 2), overrideUntil(now));
    assertThat(addresses(sidecar(), "orders.shop|80")).containsExactly("10.0.0.1", "10.0.0.2");
    assertThat(later).isEmpty();
  }

  @Test
  void changesOfOtherDocumentsDoNotLookAgainForTheEndOfAnOverride() {
    watch(sidecar());
    tell(service("orders", 1, 2), overrideUntil(now.plusSeconds(60)));
    later.clear();
    tell(policy("orders", 50));
    assertThat(later).isEmpty();
    assertThat(addresses(sidecar(), "orders.shop|80|v1")).isEmpty();
  }

  @Test
  void aShiftOfWeightTouchesTheRouteAlone() {
    watch(sidecar());
    tell(service("orders", 1, 2), policy("orders", 90));
    tell(policy("orders", 50));
    assertThat(last(sidecar()).types().keySet()).containsExactly(ResourceType.ROUTE);
  }

  @Test
  void nothingIsPublishedBeforeTheFirstChange() {
    watch(sidecar());
    assertThat(store.current(sidecar())).isEmpty();
    tell();
    assertThat(store.current(sidecar())).isPresent();
  }

  @Test
  void aGroupThatComesLaterGetsWhatTheOthersHave() {
    watch(sidecar());
    tell(service("orders", 1, 2), policy("orders", 90));
    NodeGroup late = group(Role.NODE, "late");
    watch(late);
    assertThat(snapshot(late).resources(ResourceType.CLUSTER).keySet())
        .containsExactly("orders.shop|80|v1", "orders.shop|80|v2");
    assertThat(snapshot(late).resources(ResourceType.ROUTE).keySet()).isNotEmpty();
  }

  @Test
  void aServiceThatIsGoneLeavesNothingBehind() {
    watch(sidecar());
    tell(service("users", 1));
    Snapshot before = snapshot(sidecar());
    tell(service("orders", 1, 2), policy("orders", 90));
    assertThat(snapshot(sidecar())).isNotEqualTo(before);
    apply(
        new SourceUpdate.Remove(new SourceEntry.ServiceKey(id("orders"))),
        new SourceUpdate.Remove(new SourceEntry.OfDocumentKey(policyKey("orders"))));
    assertThat(snapshot(sidecar())).isEqualTo(before);
  }

  @Test
  void aGatewayIsBuiltAnewWhenItsDocumentChanges() {
    NodeGroup edge = group(Role.GATEWAY, "edge");
    watch(edge);
    tell(service("orders", 1), document(GATEWAY), exposed("orders", "orders.example.com"));
    assertThat(routes(edge)).contains("orders.example.com");
    tell(document(GATEWAY.replace("8080", "9090")));
    assertThat(last(edge).names(ResourceType.LISTENER).changed()).hasSize(1);
    assertThat(last(edge).names(ResourceType.LISTENER).removed()).hasSize(1);
    assertThat(routes(edge)).contains("orders.example.com");
  }

  @Test
  void anEditThatConflictsLeavesTheLastGoodVersionInForce() {
    NodeGroup edge = group(Role.GATEWAY, "edge");
    watch(edge);
    tell(
        service("orders", 1),
        service("users", 1),
        document(GATEWAY),
        exposed("orders", "orders.example.com"),
        exposed("users", "users.example.com"));
    Snapshot before = snapshot(edge);

    tell(exposed("users", "orders.example.com"));
    assertThat(snapshot(edge)).isEqualTo(before);
    assertThat(accepted("users")).isFalse();
    assertThat(pipeline.problems())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("shop/orders"));

    tell(service("users", 1, 2));
    assertThat(accepted("users")).as("instances settle no conflict").isFalse();

    tell(exposed("orders", "other.example.com"));
    assertThat(accepted("users")).isTrue();
    assertThat(routes(edge)).contains("other.example.com").doesNotContain("users.example.com");
  }

  @Test
  void editsThatConflictWithWhatIsPutBackArePutBackToo() {
    NodeGroup edge = group(Role.GATEWAY, "edge");
    watch(edge);
    tell(
        service("a", 1),
        service("b", 1),
        service("c", 1),
        document(GATEWAY),
        exposed("a", "x.example.com"),
        exposed("b", "z.example.com"),
        exposed("c", "y.example.com"));
    Snapshot before = snapshot(edge);
    // "b" may not have the host of "a", so it keeps the one that "c" wants.
    tell(exposed("b", "x.example.com"), exposed("c", "z.example.com"));
    assertThat(snapshot(edge)).isEqualTo(before);
    assertThat(accepted("c")).isFalse();
    assertThat(accepted("b")).isFalse();
  }

  @Test
  void aVersionThatNobodyDeclaresLeavesTheLastGoodSplit() {
    watch(sidecar());
    tell(service("orders", 1, 2), policy("orders", 90));
    Snapshot before = snapshot(sidecar());
    tell(exposed("orders", "orders.example.com"));
    assertThat(snapshot(sidecar()))
        .as("a Gateway that does not exist: the edit is set aside, with the split it drops")
        .isEqualTo(before);
    assertThat(pipeline.problems()).isNotEmpty();
  }

  @Test
  void anEditThatEnvoyWouldRefuseLeavesTheLastGoodVersionInForce() {
    watch(sidecar());
    tell(service("orders", 1, 2), policy("orders", 90));
    Snapshot before = snapshot(sidecar());

    tell(unusable(policy("orders", 50)));
    assertThat(snapshot(sidecar())).isEqualTo(before);
    assertThat(accepted("orders")).isFalse();
    assertThat(pipeline.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "orders.yaml:1:1 $: Envoy would refuse what this comes to, so what held before stays in"
                + " force: Cluster orders.shop|80|v1: connect_timeout must be > 0s, is 0s");

    NodeGroup late = group(Role.NODE, "late");
    watch(late);
    assertThat(snapshot(late).resources(ResourceType.CLUSTER).keySet())
        .as("newcomers have the last good version too")
        .containsExactly("orders.shop|80|v1", "orders.shop|80|v2");

    tell(policy("orders", 40));
    assertThat(accepted("orders")).isTrue();
    assertThat(pipeline.problems()).isEmpty();
    assertThat(snapshot(sidecar())).isNotEqualTo(before);
  }

  @Test
  void aNewPolicyThatEnvoyWouldRefuseLeavesTheServiceAsItWas() {
    watch(sidecar());
    tell(service("orders", 1, 2));
    Snapshot before = snapshot(sidecar());
    tell(unusable(policy("orders", 50)));
    assertThat(snapshot(sidecar())).isEqualTo(before);
    assertThat(accepted("orders")).isFalse();
    apply(new SourceUpdate.Remove(new SourceEntry.OfDocumentKey(policyKey("orders"))));
    assertThat(pipeline.problems()).isEmpty();
  }

  @Test
  void ofSeveralEditsThatOneIsSetAsideThatEnvoyWouldRefuse() {
    watch(sidecar());
    String retries =
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: orders, namespace: shop}
        spec:
          target: {service: orders}
          retry: {attempts: 7}
        """;
    String namespace =
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: all, namespace: shop}
        spec:
          target: {service: "*"}
          connectionPool: {connectTimeout: 3s}
        """;
    tell(service("orders", 1), document(retries), unusable(document(namespace)));
    assertThat(accepted("all")).isFalse();
    assertThat(accepted("orders")).isTrue();
    assertThat(routes(sidecar())).contains("value: 7");
  }

  @Test
  void factsThatEnvoyWouldRefuseLeaveTheServiceAsItWas() {
    watch(sidecar());
    tell(service("orders", 1, 2), service("users", 1));
    Snapshot before = snapshot(sidecar());
    Endpoint wrong =
        new Endpoint(
            "10.0.0.9",
            new TreeMap<>(Map.of("http", 65_536)),
            new TreeMap<>(),
            1,
            Locality.UNKNOWN,
            Health.HEALTHY,
            SOURCE);
    tell(
        new SourceEntry.OfService(
            new Service(
                id("orders"),
                List.of(new ServicePort("http", 80, Protocol.HTTP2)),
                List.of(wrong))));
    assertThat(snapshot(sidecar())).isEqualTo(before);
    assertThat(pipeline.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "service orders.shop $: Envoy would refuse what this comes to, so what held before stays"
                + " in force: ClusterLoadAssignment orders.shop|80: endpoints[0].lb_endpoints[0]"
                + ".endpoint.address.socket_address.port_value must be <= 65535, is 65536");
    tell(service("orders", 3));
    assertThat(pipeline.problems()).isEmpty();
    assertThat(snapshot(sidecar())).isNotEqualTo(before);
  }

  @Test
  void whereOnePartIsRefusedTheInstancesOfTheOthersGoOn() {
    watch(sidecar());
    tell(twoPorts(8080, 9000));
    tell(twoPorts(65_536, 9001));
    assertThat(ports(sidecar(), "orders.shop|80")).containsExactly(8080);
    assertThat(ports(sidecar(), "orders.shop|81")).containsExactly(9001);
    assertThat(pipeline.problems()).isNotEmpty();
  }

  private static SourceEntry twoPorts(int http, int admin) {
    Endpoint endpoint =
        new Endpoint(
            "10.0.0.9",
            new TreeMap<>(Map.of("http", http, "admin", admin)),
            new TreeMap<>(),
            1,
            Locality.UNKNOWN,
            Health.HEALTHY,
            SOURCE);
    return new SourceEntry.OfService(
        new Service(
            id("orders"),
            List.of(
                new ServicePort("http", 80, Protocol.HTTP2),
                new ServicePort("admin", 81, Protocol.HTTP2)),
            List.of(endpoint)));
  }

  @Test
  void aListenerPatchThatEnvoyWouldRefuseIsSetAside() {
    watch(sidecar());
    tell(service("orders", 1), policy("orders", 90));
    Snapshot before = snapshot(sidecar());
    tell(
        document(
            """
            apiVersion: sluice.dev/v1
            kind: TrafficPolicy
            metadata: {name: orders, namespace: shop}
            spec:
              target: {service: orders}
              envoy:
                listeners:
                  - side: inbound
                    patch: {listener_filters: [{filter_disabled: {any_match: true}}]}
            """));
    assertThat(accepted("orders")).isFalse();
    assertThat(snapshot(sidecar())).isEqualTo(before);
    assertThat(pipeline.problems())
        .extracting(Problem::message)
        .allMatch(message -> message.contains("listener_filters[0].name"));
  }

  @Test
  void whatAGroupCannotHaveIsToldWhenItsFirstProxyComes() {
    String other = GATEWAY.replace("name: public", "name: second");
    tell(document(GATEWAY), document(other));
    assertThat(pipeline.problems()).isEmpty();
    NodeGroup edge = group(Role.GATEWAY, "edge");
    SnapshotStore.Watch watch = store.watch(edge, (_, _) -> {});
    assertThat(pipeline.problems()).isNotEmpty();
    watch.close();
    assertThat(pipeline.problems()).isEmpty();
  }

  @Test
  void whatADocumentShapedNamesIt() {
    watch(sidecar());
    tell(service("orders", 1, 2), policy("orders", 90));
    Resource cluster =
        snapshot(sidecar()).resource(ResourceType.CLUSTER, "orders.shop|80|v1").orElseThrow();
    Resource assignment =
        snapshot(sidecar()).resource(ResourceType.ENDPOINT, "orders.shop|80|v1").orElseThrow();
    assertThat(cluster.provenance().documents())
        .containsExactly("TrafficPolicy shop/orders (orders.yaml:1:1)");
    assertThat(assignment.provenance().sources()).containsExactly("file/test");
  }

  @Test
  void whateverTheStepsTheSnapshotIsThatOfAFreshStart() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<NodeGroup> groups =
        List.of(sidecar(), group(Role.GATEWAY, "edge"), group(Role.PROXYLESS, "client"));
    groups.forEach(this::watch);
    for (int step = 0; step < 60; step++) {
      apply(randomUpdates(random));
    }
    PipelineTest fresh = new PipelineTest();
    groups.forEach(fresh::watch);
    List<SourceEntry> all = new ArrayList<>();
    image.catalog().services().values().forEach(s -> all.add(new SourceEntry.OfService(s)));
    image.documents().all().values().forEach(d -> all.add(new SourceEntry.OfDocument(d)));
    fresh.apply(new SourceUpdate.Replace(all));
    for (NodeGroup group : groups) {
      assertThat(snapshot(group)).as("%s, seed %d", group, seed).isEqualTo(fresh.snapshot(group));
    }
  }

  private static SourceUpdate[] randomUpdates(Random random) {
    String name = "service-" + random.nextInt(5);
    SourceUpdate update =
        switch (random.nextInt(6)) {
          case 0 -> new SourceUpdate.Remove(new SourceEntry.ServiceKey(id(name)));
          case 1 -> new SourceUpdate.Remove(new SourceEntry.OfDocumentKey(policyKey(name)));
          case 2 -> new SourceUpdate.Upsert(policy(name, random.nextInt(101)));
          // Hosts of its own for each service: an edit that conflicts depends on what was before.
          case 3 -> new SourceUpdate.Upsert(exposed(name, name + ".example.com"));
          case 4 -> new SourceUpdate.Upsert(document(GATEWAY.replace("8080", port(random))));
          default ->
              new SourceUpdate.Upsert(
                  service(name, IntStream.range(0, random.nextInt(4)).map(i -> i + 1).toArray()));
        };
    return new SourceUpdate[] {update};
  }

  private static String port(Random random) {
    return Integer.toString(8080 + random.nextInt(2));
  }

  private boolean accepted(String policy) {
    return requireNonNull(pipeline.statuses().get(policyKey(policy))).accepted();
  }

  private void watch(NodeGroup group) {
    store.watch(group, (_, diff) -> told.computeIfAbsent(group, _ -> new ArrayList<>()).add(diff));
  }

  private Snapshot snapshot(NodeGroup group) {
    return store.current(group).orElseThrow();
  }

  private String routes(NodeGroup group) {
    return snapshot(group).resources(ResourceType.ROUTE).values().stream()
        .map(route -> route.message().toString())
        .reduce("", String::concat);
  }

  private SnapshotDiff last(NodeGroup group) {
    return told.getOrDefault(group, List.of()).getLast();
  }

  private List<String> addresses(NodeGroup group, String assignment) {
    return sockets(group, assignment).map(SocketAddress::getAddress).toList();
  }

  private List<Integer> ports(NodeGroup group, String assignment) {
    return sockets(group, assignment).map(SocketAddress::getPortValue).toList();
  }

  private Stream<SocketAddress> sockets(NodeGroup group, String assignment) {
    Resource resource =
        Objects.requireNonNull(
            snapshot(group).resources(ResourceType.ENDPOINT).get(assignment), assignment);
    return ((ClusterLoadAssignment) resource.message())
        .getEndpointsList().stream()
            .flatMap(locality -> locality.getLbEndpointsList().stream())
            .map(one -> one.getEndpoint().getAddress().getSocketAddress());
  }

  private void tell(SourceEntry... entries) {
    SourceUpdate[] updates = new SourceUpdate[entries.length];
    for (int i = 0; i < entries.length; i++) {
      updates[i] = new SourceUpdate.Upsert(entries[i]);
    }
    apply(updates);
  }

  private void apply(SourceUpdate... updates) {
    Folded folded = image.apply(SOURCE, List.of(updates));
    image = folded.image();
    pipeline.changed(
        new Change(
            folded.catalog(),
            folded.documents(),
            new Change.Causes(
                new TreeSet<>(List.of(SOURCE)), folded.documents().changed(), Instant.EPOCH)));
  }

  private static NodeGroup sidecar() {
    return new NodeGroup(
        Role.SIDECAR,
        id("caller"),
        new TreeSet<>(),
        new TreeMap<>(),
        Locality.UNKNOWN,
        NodeGroup.DEFAULT_OUTBOUND_PORT,
        List.of(new InboundPort(15006, 8080)));
  }

  private static NodeGroup group(Role role, String app) {
    return new NodeGroup(
        role,
        id(app),
        new TreeSet<>(),
        new TreeMap<>(Map.of("app", app)),
        Locality.UNKNOWN,
        NodeGroup.DEFAULT_OUTBOUND_PORT,
        List.of());
  }

  private static ServiceId id(String name) {
    return new ServiceId(name, "shop");
  }

  private static DocumentKey policyKey(String name) {
    return new DocumentKey(Kind.TRAFFIC_POLICY, "shop", name);
  }

  /** Instances 10.0.0.N, the odd ones of v1 and the even ones of v2. */
  private static SourceEntry service(String name, int... instances) {
    List<Endpoint> endpoints =
        IntStream.of(instances)
            .mapToObj(
                i ->
                    new Endpoint(
                        "10.0.0." + i,
                        new TreeMap<>(Map.of("http", 8080)),
                        new TreeMap<>(Map.of("version", i % 2 == 1 ? "v1" : "v2")),
                        1,
                        Locality.UNKNOWN,
                        Health.HEALTHY,
                        SOURCE))
            .toList();
    return new SourceEntry.OfService(
        new Service(id(name), List.of(new ServicePort("http", 80, Protocol.HTTP2)), endpoints));
  }

  private static SourceEntry policy(String name, int weight) {
    return document(
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: %1$s, namespace: shop}
        spec:
          target: {service: %1$s}
          versions: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
          split: {weights: {v1: %2$d, v2: %3$d}, onEmpty: fail}
          connectionPool: {connectTimeout: 2s}
        """
            .formatted(name, weight, 100 - weight));
  }

  private static SourceEntry overrideUntil(Instant end) {
    String yaml =
        """
        apiVersion: sluice.dev/v1
        kind: InstanceOverride
        metadata: {name: out, namespace: shop}
        spec: {service: orders, match: {address: 10.0.0.1}, state: out, expiresIn: 1h}
        """;
    Document document =
        DocumentParser.reader().read("test", yaml).items().getFirst().document().orElseThrow();
    return new SourceEntry.OfDocument(
        ((InstanceOverride) document).startingAt(end.minus(Duration.ofHours(1))));
  }

  private static SourceEntry exposed(String name, String host) {
    return document(
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: %1$s, namespace: shop}
        spec:
          target: {service: %1$s}
          attach: {gateways: [{name: public}], hosts: [%2$s]}
        """
            .formatted(name, host));
  }

  private static SourceEntry document(String text) {
    int at = text.indexOf("{name: ") + "{name: ".length();
    String file = text.substring(at, text.indexOf(',', at)) + ".yaml";
    DocumentReader.Reading reading = DocumentParser.reader().read(file, text);
    assertThat(reading.problems()).isEmpty();
    Document document = reading.items().getFirst().document().orElseThrow();
    return new SourceEntry.OfDocument(document);
  }

  /** The policy, with a value that parsing or validation would not let pass. */
  private static SourceEntry unusable(SourceEntry entry) {
    TrafficPolicy policy = (TrafficPolicy) ((SourceEntry.OfDocument) entry).document();
    ConnectionPool pool =
        with(requireNonNull(policy.spec().connectionPool()), "connectTimeout", Duration.ZERO);
    return new SourceEntry.OfDocument(
        with(policy, "spec", with(policy.spec(), "connectionPool", pool)));
  }

  private static <R extends Record> R with(R record, String component, Object value) {
    try {
      RecordComponent[] components = record.getClass().getRecordComponents();
      Class<?>[] types = new Class<?>[components.length];
      Object[] values = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        values[i] =
            components[i].getName().equals(component)
                ? value
                : components[i].getAccessor().invoke(record);
      }
      @SuppressWarnings("unchecked") // The record's own class.
      R copy = (R) record.getClass().getDeclaredConstructor(types).newInstance(values);
      return copy;
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(record.getClass().getName(), e);
    }
  }
}
