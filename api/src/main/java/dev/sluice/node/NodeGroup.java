package dev.sluice.node;

import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that decides a proxy's view: proxies of one group are sent the same. It is the key of
 * a snapshot, so nothing that is a single proxy's own may be added.
 *
 * @param role what the proxy does
 * @param service the proxy's own service ({@code node.cluster}); its namespace is the proxy's
 * @param dependencies the services it is sent ({@code node.metadata.sluice.dependencies}); empty
 *     for its namespace's whole mesh
 * @param labels what a Gateway's selector is held against ({@code node.metadata.sluice.labels};
 *     {@code app} is the service's name unless it is given)
 * @param locality where the proxy runs ({@code node.locality})
 * @param outboundPort loopback port of the outbound listener, 15001 unless {@code
 *     node.metadata.sluice.outbound.port} says otherwise
 * @param inbound ports of the inbound listeners
 * @param tcp loopback ports for TCP services, sorted
 */
public record NodeGroup(
    Role role,
    ServiceId service,
    SortedSet<ServiceId> dependencies,
    SortedMap<String, String> labels,
    Locality locality,
    int outboundPort,
    List<InboundPort> inbound,
    List<OutboundTcp> tcp) {
  /** Where a sidecar's applications send their calls, unless the proxy says otherwise. */
  public static final int DEFAULT_OUTBOUND_PORT = 15001;

  public NodeGroup {
    Objects.requireNonNull(role);
    Objects.requireNonNull(service);
    Objects.requireNonNull(locality);
    dependencies = Collections.unmodifiableSortedSet(new TreeSet<>(dependencies));
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    inbound = List.copyOf(inbound);
    tcp = tcp.stream().sorted().toList();
  }

  /** A group without TCP services. */
  public NodeGroup(
      Role role,
      ServiceId service,
      SortedSet<ServiceId> dependencies,
      SortedMap<String, String> labels,
      Locality locality,
      int outboundPort,
      List<InboundPort> inbound) {
    this(role, service, dependencies, labels, locality, outboundPort, inbound, List.of());
  }

  /**
   * Whether a proxy may call itself {@code id} ({@code node.id}): not empty, and without control
   * characters, with which it could write lines of its own into logs and terminals.
   */
  public static boolean isNodeId(String id) {
    return !id.isEmpty() && isPrintable(id);
  }

  /** Whether a text of a proxy can be shown as it is: it has no control characters. */
  public static boolean isPrintable(String text) {
    return text.codePoints()
        .noneMatch(
            c ->
                Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR);
  }

  /** The namespace in which this group's short service names are looked up. */
  public String namespace() {
    return service.namespace();
  }

  /** {@code role service}, as people name a group. */
  @Override
  public String toString() {
    return role.name().toLowerCase(Locale.ROOT) + " " + service;
  }
}
