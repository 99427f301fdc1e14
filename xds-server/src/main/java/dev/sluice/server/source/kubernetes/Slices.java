package dev.sluice.server.source.kubernetes;

import dev.sluice.catalog.Health;
import dev.sluice.server.source.kubernetes.SliceFacts.Instance;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.ForZone;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads EndpointSlices. */
final class Slices {
  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  private Slices() {}

  /** What is kept of a slice; empty for one that belongs to no service, or has DNS names. */
  static Optional<SliceFacts> read(EndpointSlice slice) {
    String service = label(slice, SERVICE_NAME);
    if (service == null || "FQDN".equals(slice.getAddressType())) {
      return Optional.empty();
    }
    return Optional.of(
        new SliceFacts(
            service.intern(),
            owner(slice),
            slice.getAddressType().intern(),
            ports(orNone(slice.getPorts())),
            orNone(slice.getEndpoints()).stream()
                .filter(endpoint -> !endpoint.getAddresses().isEmpty())
                .map(Slices::instance)
                .toList()));
  }

  /** The controller writes null for the lists of a service that has no pod. */
  private static <T> List<T> orNone(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  static @Nullable String label(HasMetadata object, String name) {
    var labels = object.getMetadata().getLabels();
    return labels == null ? null : labels.get(name);
  }

  static Optional<String> owner(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .filter(owner -> owner.getKind().equals("Service"))
        .map(OwnerReference::getUid)
        .findFirst();
  }

  private static SortedMap<String, Integer> ports(List<EndpointPort> ports) {
    SortedMap<String, Integer> numbers = new TreeMap<>();
    for (EndpointPort port : ports) {
      if (port.getPort() != null && ServiceFacts.isTcp(port.getProtocol())) {
        numbers.put(Objects.requireNonNullElse(port.getName(), "").intern(), port.getPort());
      }
    }
    return numbers;
  }

  /** Of several addresses of one endpoint the first counts: they are the same instance. */
  private static Instance instance(Endpoint endpoint) {
    return new Instance(
        endpoint.getAddresses().getFirst(),
        health(endpoint.getConditions()),
        pod(endpoint.getTargetRef()),
        interned(endpoint.getNodeName()),
        interned(zone(endpoint)));
  }

  static @Nullable String pod(@Nullable ObjectReference target) {
    return target != null && "Pod".equals(target.getKind()) ? target.getName() : null;
  }

  static @Nullable String interned(@Nullable String text) {
    return text == null ? null : text.intern();
  }

  /**
   * {@code terminating} counts before {@code ready}, which a Service that publishes addresses that
   * are not ready keeps true. What is not said counts as ready and as serving (the API's own rule).
   */
  private static Health health(@Nullable EndpointConditions conditions) {
    if (conditions == null) {
      return Health.HEALTHY;
    }
    boolean ready = !Boolean.FALSE.equals(conditions.getReady());
    if (Boolean.TRUE.equals(conditions.getTerminating())) {
      boolean serving = conditions.getServing() == null ? ready : conditions.getServing();
      return serving ? Health.DRAINING : Health.UNHEALTHY;
    }
    return ready ? Health.HEALTHY : Health.UNHEALTHY;
  }

  private static @Nullable String zone(Endpoint endpoint) {
    EndpointHints hints = endpoint.getHints();
    List<ForZone> zones = hints == null ? List.of() : hints.getForZones();
    return zones.size() == 1 ? zones.getFirst().getName() : endpoint.getZone();
  }
}
