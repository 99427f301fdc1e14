package dev.sluice.server.source.kubernetes;

import dev.sluice.catalog.Health;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an EndpointSlice, or of a subset of an Endpoints object.
 *
 * @param service name of its service, within the slice's namespace
 * @param owner uid of the Service that it was made for; empty for slices that people make
 * @param family {@code IPv4} or {@code IPv6}
 * @param ports the instances' port by the name of the service's port; of TCP only
 * @param instances each with one address
 */
record SliceFacts(
    String service,
    Optional<String> owner,
    String family,
    SortedMap<String, Integer> ports,
    List<Instance> instances) {
  SliceFacts {
    Objects.requireNonNull(service);
    Objects.requireNonNull(owner);
    Objects.requireNonNull(family);
    Objects.requireNonNull(ports);
    instances = List.copyOf(instances);
  }

  /**
   * One instance.
   *
   * @param address an IP literal
   * @param health by its conditions
   * @param pod name of its pod within the namespace; null where it is none
   * @param node where it runs; null where that is not said
   * @param zone for whose callers it is, by the topology hint where there is one, else where it
   *     runs; null where neither is said
   */
  record Instance(
      String address,
      Health health,
      @Nullable String pod,
      @Nullable String node,
      @Nullable String zone) {}
}
