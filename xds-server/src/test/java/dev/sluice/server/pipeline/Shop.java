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
import dev.sluice.source.DocumentReader;
import dev.sluice.source.SourceEntry;
import dev.sluice.spec.ConnectionPool;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import dev.sluice.spec.TrafficPolicy;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Services, policies and proxies of the namespace {@code shop}. */
final class Shop {
  static final SourceName SOURCE = new SourceName("file", "test");
  static final String GATEWAY =
      """
      apiVersion: sluice.dev/v1
      kind: Gateway
      metadata: {name: public, namespace: shop}
      spec:
        proxies: {selector: {app: edge}}
        listeners: [{name: http, port: 8080, protocol: HTTP, hosts: ["*.example.com"]}]
      """;

  private Shop() {}

  static ServiceId id(String name) {
    return new ServiceId(name, "shop");
  }

  static DocumentKey policyKey(String name) {
    return new DocumentKey(Kind.TRAFFIC_POLICY, "shop", name);
  }

  static NodeGroup sidecar() {
    return new NodeGroup(
        Role.SIDECAR,
        id("caller"),
        new TreeSet<>(),
        new TreeMap<>(),
        Locality.UNKNOWN,
        NodeGroup.DEFAULT_OUTBOUND_PORT,
        List.of(new InboundPort(15006, 8080)));
  }

  /** Sidecars that have these services alone. */
  static NodeGroup dependent(String... services) {
    return new NodeGroup(
        Role.SIDECAR,
        id("caller"),
        new TreeSet<>(Stream.of(services).map(Shop::id).toList()),
        new TreeMap<>(),
        Locality.UNKNOWN,
        NodeGroup.DEFAULT_OUTBOUND_PORT,
        List.of());
  }

  static NodeGroup group(Role role, String app) {
    return new NodeGroup(
        role,
        id(app),
        new TreeSet<>(),
        new TreeMap<>(Map.of("app", app)),
        Locality.UNKNOWN,
        NodeGroup.DEFAULT_OUTBOUND_PORT,
        List.of());
  }

  /** Instances 10.0.0.N, the odd ones of v1 and the even ones of v2. */
  static SourceEntry service(String name, int... instances) {
    List<Endpoint> endpoints =
        IntStream.of(instances)
            .mapToObj(
                i ->
                    instance(
                        "10.0.0." + i,
                        Map.of("http", 8080),
                        Map.of("version", i % 2 == 1 ? "v1" : "v2")))
            .toList();
    return new SourceEntry.OfService(
        new Service(id(name), List.of(new ServicePort("http", 80, Protocol.HTTP2)), endpoints));
  }

  static Endpoint instance(String address, Map<String, Integer> ports, Map<String, String> labels) {
    return new Endpoint(
        address,
        new TreeMap<>(ports),
        new TreeMap<>(labels),
        1,
        Locality.UNKNOWN,
        Health.HEALTHY,
        SOURCE);
  }

  /** Two versions, and the share of the first in percent. */
  static SourceEntry policy(String name, int weight) {
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

  /** A service that the Gateway {@link #GATEWAY} has for a host. */
  static SourceEntry exposed(String name, String host) {
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

  static SourceEntry document(String text) {
    int at = text.indexOf("{name: ") + "{name: ".length();
    String file = text.substring(at, text.indexOf(',', at)) + ".yaml";
    DocumentReader.Reading reading = DocumentParser.reader().read(file, text);
    assertThat(reading.problems()).isEmpty();
    Document document = reading.items().getFirst().document().orElseThrow();
    return new SourceEntry.OfDocument(document);
  }

  /** The policy, with a value that parsing or validation would not let pass. */
  static SourceEntry unusable(SourceEntry entry) {
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
