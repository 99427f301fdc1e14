package dev.sluice.server.xds;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.node.InboundPort;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.OutboundTcp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code node.metadata.sluice}, read strictly: what is wrong is said, never ignored. */
final class NodeMetadata {
  private static final Set<String> KEYS =
      Set.of(
          "role", "service", "namespace", "dependencies", "labels", "outbound", "inbound", "tcp");
  private static final int MAX_PORT = 65535;

  private final String path;
  private final Map<String, Value> fields;

  private NodeMetadata(String path, Struct struct) {
    this.path = path;
    this.fields = struct.getFieldsMap();
  }

  static NodeMetadata of(Struct struct) throws InvalidNodeException {
    NodeMetadata metadata = new NodeMetadata("node.metadata.sluice", struct);
    metadata.allow(KEYS);
    return metadata;
  }

  private void allow(Set<String> keys) throws InvalidNodeException {
    for (String key : fields.keySet()) {
      if (!keys.contains(key)) {
        throw new InvalidNodeException(
            path
                + "."
                + shown(key)
                + " is not known; the keys are "
                + keys.stream().sorted().toList());
      }
    }
  }

  Optional<String> string(String key) throws InvalidNodeException {
    Value value = fields.get(key);
    return value == null ? Optional.empty() : Optional.of(string(path + "." + key, value));
  }

  List<String> strings(String key) throws InvalidNodeException {
    List<String> strings = new ArrayList<>();
    int index = 0;
    for (Value value : list(key)) {
      strings.add(string(path + "." + key + "[" + index++ + "]", value));
    }
    return strings;
  }

  Map<String, String> stringMap(String key) throws InvalidNodeException {
    Map<String, String> strings = new TreeMap<>();
    for (Map.Entry<String, Value> entry : map(key).getFieldsMap().entrySet()) {
      String at = path + "." + key + "." + shown(entry.getKey());
      if (!NodeGroup.isPrintable(entry.getKey())) {
        throw new InvalidNodeException(at + " is no name of a label; write printable text");
      }
      strings.put(entry.getKey(), string(at, entry.getValue()));
    }
    return strings;
  }

  /** {@code outbound.port}; {@code outbound.mode} may say {@code explicit} only. */
  int outboundPort() throws InvalidNodeException {
    NodeMetadata outbound = new NodeMetadata(path + ".outbound", map("outbound"));
    outbound.allow(Set.of("port", "mode"));
    String mode = outbound.string("mode").orElse("explicit");
    if (!mode.equals("explicit")) {
      throw new InvalidNodeException(
          outbound.path + ".mode is '" + mode + "'; only explicit is supported");
    }
    return outbound.fields.containsKey("port")
        ? outbound.port("port")
        : NodeGroup.DEFAULT_OUTBOUND_PORT;
  }

  /** {@code inbound[]}, each with {@code port} and {@code to}. */
  List<InboundPort> inbound() throws InvalidNodeException {
    int outboundPort = outboundPort();
    List<InboundPort> ports = new ArrayList<>();
    for (Value value : list("inbound")) {
      String at = path + ".inbound[" + ports.size() + "]";
      if (!value.hasStructValue()) {
        throw new InvalidNodeException(at + " is not a map; write {port: 15006, to: 8080}");
      }
      NodeMetadata entry = new NodeMetadata(at, value.getStructValue());
      entry.allow(Set.of("port", "to"));
      int port = entry.port("port");
      if (port == outboundPort || ports.stream().anyMatch(other -> other.port() == port)) {
        throw new InvalidNodeException(
            at + ".port " + port + " is taken by another listener; give each a port of its own");
      }
      ports.add(new InboundPort(port, entry.port("to")));
    }
    return ports;
  }

  /**
   * {@code tcp}: loopback ports by TCP service.
   *
   * @param namespace of a service that names none
   */
  List<OutboundTcp> tcp(String namespace) throws InvalidNodeException {
    Set<Integer> taken = new HashSet<>(List.of(outboundPort()));
    inbound().forEach(inbound -> taken.add(inbound.port()));
    NodeMetadata tcp = new NodeMetadata(path + ".tcp", map("tcp"));
    List<OutboundTcp> ports = new ArrayList<>();
    for (String service : tcp.fields.keySet().stream().sorted().toList()) {
      String at = tcp.path + "." + shown(service);
      if (!NodeGroup.isPrintable(service)) {
        throw new InvalidNodeException(at + " is no service; write printable text");
      }
      int port = tcp.port(service);
      if (!taken.add(port)) {
        throw new InvalidNodeException(
            at + " " + port + " is taken by another listener; give each a port of its own");
      }
      try {
        ports.add(OutboundTcp.parse(service, namespace, port));
      } catch (IllegalArgumentException e) {
        throw new InvalidNodeException(tcp.path + ": " + e.getMessage());
      }
    }
    return ports;
  }

  private int port(String key) throws InvalidNodeException {
    Value value = fields.get(key);
    double port = value == null ? 0 : value.getNumberValue();
    if (port < 1 || port > MAX_PORT || port != Math.rint(port)) {
      throw new InvalidNodeException(
          path + "." + key + " is " + shown(value) + "; write a port from 1 to 65535");
    }
    return (int) port;
  }

  private static String shown(String text) {
    return NodeGroup.isPrintable(text) ? text : "(control characters)";
  }

  private static String shown(@Nullable Value value) {
    if (value == null) {
      return "missing";
    }
    return switch (value.getKindCase()) {
      case NUMBER_VALUE -> Double.toString(value.getNumberValue());
      case STRING_VALUE -> "'" + shown(value.getStringValue()) + "'";
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case STRUCT_VALUE -> "a map";
      case LIST_VALUE -> "a list";
      case NULL_VALUE, KIND_NOT_SET -> "null";
    };
  }

  private List<Value> list(String key) throws InvalidNodeException {
    Value value = fields.get(key);
    if (value == null) {
      return List.of();
    }
    if (!value.hasListValue()) {
      throw new InvalidNodeException(path + "." + key + " is " + shown(value) + "; write a list");
    }
    return value.getListValue().getValuesList();
  }

  private Struct map(String key) throws InvalidNodeException {
    Value value = fields.get(key);
    if (value == null) {
      return Struct.getDefaultInstance();
    }
    if (!value.hasStructValue()) {
      throw new InvalidNodeException(path + "." + key + " is " + shown(value) + "; write a map");
    }
    return value.getStructValue();
  }

  private static String string(String at, Value value) throws InvalidNodeException {
    if (!value.hasStringValue() || value.getStringValue().isEmpty()) {
      throw new InvalidNodeException(at + " is " + shown(value) + "; write a text in quotes");
    }
    if (!NodeGroup.isPrintable(value.getStringValue())) {
      throw new InvalidNodeException(at + " has control characters; write printable text");
    }
    return value.getStringValue();
  }
}
