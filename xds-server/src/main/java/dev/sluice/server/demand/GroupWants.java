package dev.sluice.server.demand;

import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.OutboundTcp;
import dev.sluice.node.Role;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The services that a group of proxies wants of itself. A gateway wants none: what it calls is
 * named by documents.
 *
 * @param services its dependencies, those whose connections it takes, and where it takes calls to
 *     its own application that one's
 * @param namespace of which it wants all; empty where it has dependencies
 */
record GroupWants(Set<ServiceId> services, Optional<String> namespace) {
  GroupWants {
    services = Collections.unmodifiableSet(new TreeSet<>(services));
  }

  static GroupWants of(NodeGroup group) {
    if (group.role() == Role.GATEWAY) {
      return new GroupWants(Set.of(), Optional.empty());
    }
    Set<ServiceId> services = new TreeSet<>(group.dependencies());
    group.tcp().stream().map(OutboundTcp::service).forEach(services::add);
    if (!group.inbound().isEmpty()) {
      services.add(group.service());
    }
    return new GroupWants(
        services,
        group.dependencies().isEmpty() ? Optional.of(group.namespace()) : Optional.empty());
  }

  boolean has(ServiceId id) {
    return services.contains(id) || namespace.filter(id.namespace()::equals).isPresent();
  }

  /** Whether a source that knows services of this namespace alone may have one of them. */
  boolean mayBeIn(String other) {
    return namespace.filter(other::equals).isPresent()
        || services.stream().anyMatch(id -> id.namespace().equals(other));
  }
}
