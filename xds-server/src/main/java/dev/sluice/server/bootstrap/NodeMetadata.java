package dev.sluice.server.bootstrap;

import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a proxy says of itself in {@code node.metadata.sluice}; what is default is left out. */
final class NodeMetadata {
  private NodeMetadata() {}

  static Map<String, Object> of(NodeGroup group) {
    Map<String, Object> sluice = new LinkedHashMap<>();
    sluice.put("role", group.role().name().toLowerCase(Locale.ROOT));
    sluice.put("service", group.service().name());
    sluice.put("namespace", group.namespace());
    if (!group.dependencies().isEmpty()) {
      sluice.put("dependencies", group.dependencies().stream().map(ServiceId::toString).toList());
    }
    SortedMap<String, String> labels = new TreeMap<>(group.labels());
    labels.remove("app", group.service().name());
    if (!labels.isEmpty()) {
      sluice.put("labels", labels);
    }
    if (hasOutbound(group.role()) && group.outboundPort() != NodeGroup.DEFAULT_OUTBOUND_PORT) {
      sluice.put("outbound", Map.of("port", group.outboundPort()));
    }
    List<Map<String, Object>> inbound = new ArrayList<>();
    group
        .inbound()
        .forEach(
            port -> {
              Map<String, Object> entry = new LinkedHashMap<>();
              entry.put("port", port.port());
              entry.put("to", port.to());
              inbound.add(entry);
            });
    if (!inbound.isEmpty()) {
      sluice.put("inbound", inbound);
    }
    Map<String, Object> tcp = new LinkedHashMap<>();
    group.tcp().forEach(port -> tcp.put(port.target(), port.port()));
    if (!tcp.isEmpty()) {
      sluice.put("tcp", tcp);
    }
    return sluice;
  }

  private static boolean hasOutbound(Role role) {
    return role == Role.SIDECAR || role == Role.NODE;
  }
}
