package dev.sluice.translate;

import dev.sluice.node.NodeGroup;
import dev.sluice.policy.attach.GatewayListener;
import dev.sluice.policy.attach.HostPattern;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.Gateway.ListenerProtocol;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the gateways of one group of proxies listen on.
 *
 * @param ports which gateway has each port
 * @param tcp whose the ports for connections are
 * @param problems listeners that are not built, and why
 */
record GatewayPorts(
    SortedMap<Integer, GatewayPort> ports,
    SortedMap<Integer, GatewayListener> tcp,
    List<Problem> problems) {
  /**
   * A port of a gateway.
   *
   * @param gateway the Gateway document
   * @param translation what it says of all its listeners
   * @param hosts the names that its listeners on the port take, lower-cased; {@code *} for every
   */
  record GatewayPort(DocumentKey gateway, GatewayTranslation translation, List<String> hosts) {
    GatewayPort {
      hosts = List.copyOf(hosts);
    }

    /** Whether one of the listeners takes {@code host}, which may itself be {@code *.x}. */
    boolean covers(String host) {
      return hosts.stream().anyMatch(pattern -> HostPattern.covers(pattern, host));
    }
  }

  static GatewayPorts of(NodeGroup group, Collection<Gateway> gateways) {
    SortedMap<Integer, GatewayPort> ports = new TreeMap<>();
    SortedMap<Integer, GatewayListener> tcp = new TreeMap<>();
    List<Problem> problems = new ArrayList<>();
    gateways.stream()
        .filter(gateway -> selects(gateway, group))
        .sorted(OLDEST_FIRST)
        .forEach(gateway -> listen(gateway, ports, tcp, problems));
    return new GatewayPorts(ports, tcp, problems);
  }

  private static final Comparator<Gateway> OLDEST_FIRST =
      Comparator.comparing(
              (Gateway gateway) -> {
                Instant created = gateway.metadata().creationTimestamp();
                return created == null ? Instant.MAX : created;
              })
          .thenComparing(Gateway::key);

  private static boolean selects(Gateway gateway, NodeGroup group) {
    return gateway.metadata().namespace().equals(group.namespace())
        && group.labels().entrySet().containsAll(gateway.spec().proxies().selector().entrySet());
  }

  private static void listen(
      Gateway gateway,
      SortedMap<Integer, GatewayPort> ports,
      SortedMap<Integer, GatewayListener> tcp,
      List<Problem> problems) {
    GatewayTranslation translation = GatewayTranslation.of(gateway);
    for (int i = 0; i < gateway.spec().listeners().size(); i++) {
      Gateway.Listener listener = gateway.spec().listeners().get(i);
      GatewayPort taken = ports.get(listener.port());
      String path = "$.spec.listeners[" + i + "]";
      GatewayListener connections = tcp.get(listener.port());
      if (connections != null) {
        problems.add(taken(gateway, path, listener.port(), connections.gateway()));
      } else if (listener.protocol() == ListenerProtocol.TCP) {
        if (taken == null) {
          tcp.put(listener.port(), new GatewayListener(gateway.key(), listener.name()));
        } else {
          problems.add(taken(gateway, path, listener.port(), taken.gateway()));
        }
      } else if (listener.protocol() != ListenerProtocol.HTTP) {
        Location at = gateway.origin().at(path + ".protocol");
        problems.add(
            Problem.warning(
                at,
                path + ".protocol",
                listener.protocol() + " is not built yet; nothing listens here, use HTTP"));
      } else if (taken == null) {
        ports.put(listener.port(), new GatewayPort(gateway.key(), translation, hosts(listener)));
      } else if (taken.gateway().equals(gateway.key())) {
        List<String> both = new ArrayList<>(taken.hosts());
        both.addAll(hosts(listener));
        ports.put(listener.port(), new GatewayPort(gateway.key(), translation, both));
      } else {
        problems.add(taken(gateway, path, listener.port(), taken.gateway()));
      }
    }
  }

  private static Problem taken(Gateway gateway, String path, int port, DocumentKey first) {
    return Problem.warning(
        gateway.origin().at(path + ".port"),
        path + ".port",
        "port %d of these proxies belongs to %s, which comes first; use another port"
            .formatted(port, first));
  }

  private static List<String> hosts(Gateway.Listener listener) {
    return listener.hosts().isEmpty()
        ? List.of("*")
        : listener.hosts().stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
  }
}
