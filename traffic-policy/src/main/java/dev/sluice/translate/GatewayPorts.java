package dev.sluice.translate;

import dev.sluice.node.NodeGroup;
import dev.sluice.policy.attach.GatewayListener;
import dev.sluice.policy.attach.HostPattern;
import dev.sluice.problem.Problem;
import dev.sluice.secret.SecretId;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.Gateway.ListenerProtocol;
import dev.sluice.spec.TlsVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

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
   * @param chains how they speak TLS; empty where they do not
   */
  record GatewayPort(
      DocumentKey gateway,
      GatewayTranslation translation,
      List<String> hosts,
      List<TlsChain> chains) {
    GatewayPort {
      hosts = List.copyOf(hosts);
      chains = List.copyOf(chains);
    }

    /** Whether one of the listeners takes {@code host}, which may itself be {@code *.x}. */
    boolean covers(String host) {
      return hosts.stream().anyMatch(pattern -> HostPattern.covers(pattern, host));
    }

    /** The same with another of its gateway's listeners, which speaks TLS if these do. */
    GatewayPort and(GatewayPort other) {
      return new GatewayPort(
          gateway, translation, both(hosts, other.hosts), both(chains, other.chains));
    }

    private static <T> List<T> both(List<T> some, List<T> more) {
      return Stream.concat(some.stream(), more.stream()).toList();
    }
  }

  static GatewayPorts of(NodeGroup group, Collection<Gateway> gateways) {
    Taking taking = new Taking();
    gateways.stream()
        .filter(gateway -> selects(gateway, group))
        .sorted(OLDEST_FIRST)
        .forEach(taking::listen);
    return new GatewayPorts(taking.ports, taking.tcp, taking.problems);
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

  /** Gives each port to the gateway that comes first. */
  private static final class Taking {
    private final SortedMap<Integer, GatewayPort> ports = new TreeMap<>();
    private final SortedMap<Integer, GatewayListener> tcp = new TreeMap<>();
    private final List<Problem> problems = new ArrayList<>();

    void listen(Gateway gateway) {
      GatewayTranslation translation = GatewayTranslation.of(gateway);
      for (int i = 0; i < gateway.spec().listeners().size(); i++) {
        Gateway.Listener listener = gateway.spec().listeners().get(i);
        boolean taken =
            listener.protocol() == ListenerProtocol.TCP
                ? connections(gateway, listener)
                : requests(gateway, translation, listener);
        if (!taken) {
          String path = "$.spec.listeners[" + i + "].port";
          problems.add(
              Problem.warning(
                  gateway.origin().at(path),
                  path,
                  "port %d of these proxies belongs to %s, which comes first; use another port"
                      .formatted(listener.port(), holder(listener.port()))));
        }
      }
    }

    private boolean connections(Gateway gateway, Gateway.Listener listener) {
      boolean free = !ports.containsKey(listener.port()) && !tcp.containsKey(listener.port());
      if (free) {
        tcp.put(listener.port(), new GatewayListener(gateway.key(), listener.name()));
      }
      return free;
    }

    /** A gateway's listeners for requests may share a port. */
    private boolean requests(
        Gateway gateway, GatewayTranslation translation, Gateway.Listener listener) {
      if (tcp.containsKey(listener.port())) {
        return false;
      }
      GatewayPort port =
          new GatewayPort(gateway.key(), translation, hosts(listener), chains(gateway, listener));
      GatewayPort before = ports.putIfAbsent(listener.port(), port);
      if (before != null && before.gateway().equals(gateway.key())) {
        ports.put(listener.port(), before.and(port));
      }
      return before == null || before.gateway().equals(gateway.key());
    }

    private DocumentKey holder(int port) {
      GatewayListener connections = tcp.get(port);
      return connections != null
          ? connections.gateway()
          : Objects.requireNonNull(ports.get(port)).gateway();
    }
  }

  private static List<TlsChain> chains(Gateway gateway, Gateway.Listener listener) {
    Gateway.Tls tls = listener.tls();
    if (tls == null) {
      return List.of();
    }
    SecretId secret = new SecretId(tls.secret(), gateway.metadata().namespace());
    return List.of(
        new TlsChain(
            listener.name(),
            lowerCase(listener.hosts()),
            SecretUse.keyPair(secret),
            Objects.requireNonNullElse(tls.minVersion(), TlsVersion.V1_2)));
  }

  private static List<String> hosts(Gateway.Listener listener) {
    return listener.hosts().isEmpty() ? List.of("*") : lowerCase(listener.hosts());
  }

  private static List<String> lowerCase(List<String> hosts) {
    return hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
  }
}
