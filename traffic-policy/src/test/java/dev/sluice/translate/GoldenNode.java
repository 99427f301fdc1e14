package dev.sluice.translate;

import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.InboundPort;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.OutboundTcp;
import dev.sluice.node.Role;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The group of proxies that a golden folder is rendered for, as its {@code node.yaml} says: {@code
 * role}, {@code service}, {@code dependencies}, {@code labels}, {@code locality}, {@code inbound}
 * and {@code tcp}, all optional.
 */
final class GoldenNode {
  private static final Set<String> KEYS =
      Set.of("role", "service", "dependencies", "labels", "locality", "inbound", "tcp");

  private GoldenNode() {}

  static NodeGroup read(String yaml) {
    Map<?, ?> node =
        yaml.isBlank()
            ? Map.of()
            : (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    if (!KEYS.containsAll(node.keySet())) {
      throw new AssertionError("node.yaml has one of " + node.keySet() + " besides " + KEYS);
    }
    TreeMap<String, String> labels = new TreeMap<>();
    map(node.get("labels")).forEach((key, value) -> labels.put(key.toString(), value.toString()));
    return new NodeGroup(
        Role.valueOf(text(node.get("role"), "sidecar").toUpperCase(Locale.ROOT)),
        ServiceId.parse(text(node.get("service"), "client.shop"), "shop"),
        list(node.get("dependencies")).stream()
            .map(name -> ServiceId.parse(name.toString(), "shop"))
            .collect(Collectors.toCollection(TreeSet::new)),
        labels,
        locality(map(node.get("locality"))),
        NodeGroup.DEFAULT_OUTBOUND_PORT,
        list(node.get("inbound")).stream().map(GoldenNode::inbound).toList(),
        map(node.get("tcp")).entrySet().stream().map(GoldenNode::tcp).toList());
  }

  private static Locality locality(Map<?, ?> place) {
    return new Locality(text(place.get("region"), ""), text(place.get("zone"), ""));
  }

  private static InboundPort inbound(Object entry) {
    Map<?, ?> ports = map(entry);
    return new InboundPort(
        Integer.parseInt(text(ports.get("port"), "")), Integer.parseInt(text(ports.get("to"), "")));
  }

  private static OutboundTcp tcp(Map.Entry<?, ?> entry) {
    return OutboundTcp.parse(
        entry.getKey().toString(), "shop", Integer.parseInt(entry.getValue().toString()));
  }

  private static String text(@Nullable Object value, String otherwise) {
    return value == null ? otherwise : value.toString();
  }

  private static List<?> list(@Nullable Object value) {
    return value == null ? List.of() : (List<?>) value;
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value == null ? Map.of() : (Map<?, ?>) value;
  }
}
