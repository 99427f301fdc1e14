package dev.sluice.server.source.kubernetes;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.server.source.kubernetes.SliceFacts.Instance;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes one service of its Service, its EndpointSlices, and the Pods and Nodes of its instances.
 */
final class ServiceJoin {
  private final SourceName source;
  private final Function<String, @Nullable PodLabels> pods;
  private final Function<String, @Nullable Locality> nodes;

  /**
   * A join.
   *
   * @param pods by {@code namespace/name}
   * @param nodes by name
   */
  ServiceJoin(
      SourceName source,
      Function<String, @Nullable PodLabels> pods,
      Function<String, @Nullable Locality> nodes) {
    this.source = source;
    this.pods = pods;
    this.nodes = nodes;
  }

  /**
   * The service; slices of another Service that had its name before do not count.
   *
   * @param before as it was told; an instance whose pod went before its slice says so keeps the
   *     labels that it had
   */
  Service service(
      ServiceId id, ServiceFacts facts, Collection<SliceFacts> slices, @Nullable Service before) {
    if (facts.host().isPresent()) {
      return new Service(id, facts.ports(), List.of(), facts.host());
    }
    Map<Place, Endpoint> endpoints = new LinkedHashMap<>();
    List<SliceFacts> own =
        slices.stream()
            .filter(slice -> slice.owner().map(facts.uid()::equals).orElse(true))
            .toList();
    Set<String> podsSeen = new HashSet<>();
    for (String family : families(facts)) {
      Set<String> podsOfFamily = new HashSet<>();
      for (SliceFacts slice : own) {
        if (slice.family().equals(family)) {
          add(id, facts, slice, endpoints, podsSeen, podsOfFamily, before);
        }
      }
      podsSeen.addAll(podsOfFamily);
    }
    return new Service(id, facts.ports(), List.copyOf(endpoints.values()));
  }

  /** The Service's families first, in its order; then the others, which its slices may have. */
  private static List<String> families(ServiceFacts facts) {
    Set<String> families = new LinkedHashSet<>(facts.families());
    Collections.addAll(families, "IPv4", "IPv6");
    return List.copyOf(families);
  }

  /** A pod with addresses of two families is one instance, at that of the first. */
  private void add(
      ServiceId id,
      ServiceFacts facts,
      SliceFacts slice,
      Map<Place, Endpoint> endpoints,
      Set<String> podsBefore,
      Set<String> podsOfFamily,
      @Nullable Service before) {
    SortedMap<String, Integer> ports = ports(facts, slice);
    if (ports.isEmpty()) {
      return;
    }
    for (Instance instance : slice.instances()) {
      String pod = instance.pod();
      if (pod != null && podsBefore.contains(pod)) {
        continue;
      }
      if (pod != null) {
        podsOfFamily.add(pod);
      }
      Endpoint endpoint = endpoint(id, instance, ports, before);
      endpoints.merge(new Place(instance.address(), ports), endpoint, ServiceJoin::better);
    }
  }

  private static SortedMap<String, Integer> ports(ServiceFacts facts, SliceFacts slice) {
    SortedMap<String, Integer> ports = new TreeMap<>();
    for (ServicePort port : facts.ports()) {
      Integer number = slice.ports().get(port.name());
      if (number != null) {
        ports.put(port.name(), number);
      }
    }
    return ports;
  }

  /** While an endpoint moves between slices it may be in both: the readier word counts. */
  private static Endpoint better(Endpoint one, Endpoint two) {
    return one.health().compareTo(two.health()) <= 0 ? one : two;
  }

  private Endpoint endpoint(
      ServiceId id, Instance instance, SortedMap<String, Integer> ports, @Nullable Service before) {
    String pod = instance.pod();
    PodLabels labels = pod == null ? null : pods.apply(id.namespace() + "/" + pod);
    Locality node = instance.node() == null ? null : nodes.apply(instance.node());
    Locality known = node == null ? Locality.UNKNOWN : node;
    Locality locality =
        instance.zone() == null ? known : new Locality(known.region(), instance.zone());
    return new Endpoint(
        instance.address(),
        ports,
        named(pod, labels == null ? labelsBefore(instance, before) : labels.labels()),
        1,
        locality,
        instance.health(),
        source);
  }

  /** By its name people and InstanceOverrides know a pod, whatever its address. */
  private static SortedMap<String, String> named(
      @Nullable String pod, SortedMap<String, String> labels) {
    if (pod == null) {
      return labels;
    }
    SortedMap<String, String> all = new TreeMap<>(labels);
    all.put(Endpoint.POD_LABEL, pod);
    return all;
  }

  /** Another pod may have got the address: its labels are not those of the one before. */
  private static SortedMap<String, String> labelsBefore(
      Instance instance, @Nullable Service before) {
    List<Endpoint> endpoints = before == null ? List.of() : before.endpoints();
    return endpoints.stream()
        .filter(one -> isOf(one, instance))
        .findFirst()
        .map(Endpoint::labels)
        .orElse(Collections.emptySortedMap());
  }

  /** Whether an endpoint that was told is the same pod at the same address. */
  static boolean isOf(Endpoint told, Instance instance) {
    return instance.pod() != null
        && told.address().equals(instance.address())
        && instance.pod().equals(told.labels().get(Endpoint.POD_LABEL));
  }

  private record Place(String address, SortedMap<String, Integer> ports) {}
}
