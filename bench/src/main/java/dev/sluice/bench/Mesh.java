package dev.sluice.bench;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.problem.Location;
import dev.sluice.source.SourceEntry;
import dev.sluice.spec.Metadata;
import dev.sluice.spec.Origin;
import dev.sluice.spec.Split;
import dev.sluice.spec.Target;
import dev.sluice.spec.TrafficPolicy;
import dev.sluice.spec.TrafficPolicySpec;
import dev.sluice.spec.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A mesh of one namespace in which every service has ten instances of two versions and a policy
 * that splits them 90/10.
 */
final class Mesh {
  static final SourceName SOURCE = new SourceName("file", "bench");
  static final String NAMESPACE = "shop";
  static final int ENDPOINTS = 10;

  private Mesh() {}

  /** A sidecar that is sent the whole namespace. */
  static NodeGroup sidecar() {
    return new NodeGroup(
        Role.SIDECAR,
        new ServiceId("caller", NAMESPACE),
        new TreeSet<>(),
        new TreeMap<>(),
        Locality.UNKNOWN,
        NodeGroup.DEFAULT_OUTBOUND_PORT,
        List.of());
  }

  /** All services with their policies. */
  static List<SourceEntry> entries(int services) {
    List<SourceEntry> entries = new ArrayList<>();
    for (int i = 0; i < services; i++) {
      entries.add(new SourceEntry.OfService(service(i, 0)));
      entries.add(new SourceEntry.OfDocument(policy(i)));
    }
    return entries;
  }

  /** Service {@code number}, of which one instance has an address that only this version has. */
  static Service service(int number, int version) {
    return new Service(
        new ServiceId("service-" + number, NAMESPACE),
        List.of(new ServicePort("http", 80, Protocol.HTTP)),
        IntStream.range(0, ENDPOINTS).mapToObj(i -> endpoint(i, i == 0 ? version : 0)).toList());
  }

  private static Endpoint endpoint(int number, int version) {
    String address =
        version == 0
            ? "10.0.0." + (number + 1)
            : "11." + (version >> 16 & 255) + "." + (version >> 8 & 255) + "." + (version & 255);
    return new Endpoint(
        address,
        new TreeMap<>(Map.of("http", 8080)),
        new TreeMap<>(Map.of("version", number < ENDPOINTS / 2 ? "v1" : "v2")),
        1,
        Locality.UNKNOWN,
        Health.HEALTHY,
        SOURCE);
  }

  private static TrafficPolicy policy(int number) {
    String name = "service-" + number;
    return new TrafficPolicy(
        Metadata.of(name, NAMESPACE),
        new TrafficPolicySpec(
            new Target(name, null, List.of()),
            null,
            null,
            List.of(
                new Version("v1", new TreeMap<>(Map.of("version", "v1")), null),
                new Version("v2", new TreeMap<>(Map.of("version", "v2")), null)),
            new Split(new TreeMap<>(Map.of("v1", 90, "v2", 10)), null, null, null),
            null,
            List.of(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            List.of(),
            null,
            null,
            null,
            null,
            null,
            null),
        Origin.of(new Location(name + ".yaml", 1, 1)));
  }
}
