package dev.sluice.server.source.kubernetes;

import dev.sluice.catalog.Health;
import dev.sluice.server.source.kubernetes.SliceFacts.Instance;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads Endpoints objects as slices, for API servers that have no EndpointSlices. */
final class EndpointsObjects {
  private EndpointsObjects() {}

  /** A slice of each subset. They tell of no pod that terminates: it is gone at once. */
  static List<SliceFacts> read(Endpoints endpoints) {
    List<SliceFacts> slices = new ArrayList<>();
    for (EndpointSubset subset : endpoints.getSubsets()) {
      List<Instance> instances = new ArrayList<>();
      subset.getAddresses().forEach(one -> instances.add(instance(one, Health.HEALTHY)));
      subset.getNotReadyAddresses().forEach(one -> instances.add(instance(one, Health.UNHEALTHY)));
      if (!instances.isEmpty()) {
        slices.add(
            new SliceFacts(
                endpoints.getMetadata().getName(),
                Optional.empty(), // An Endpoints object has its service's name, and no owner.
                instances.getFirst().address().contains(":") ? "IPv6" : "IPv4",
                ports(subset.getPorts()),
                instances));
      }
    }
    return slices;
  }

  private static SortedMap<String, Integer> ports(List<EndpointPort> ports) {
    SortedMap<String, Integer> numbers = new TreeMap<>();
    for (EndpointPort port : ports) {
      if (ServiceFacts.isTcp(port.getProtocol())) {
        numbers.put(Objects.requireNonNullElse(port.getName(), "").intern(), port.getPort());
      }
    }
    return numbers;
  }

  private static Instance instance(EndpointAddress address, Health health) {
    return new Instance(
        address.getIp(),
        health,
        Slices.pod(address.getTargetRef()),
        Slices.interned(address.getNodeName()),
        null);
  }
}
