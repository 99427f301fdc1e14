package dev.sluice.server.cli;

import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.InboundPort;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.OutboundTcp;
import dev.sluice.node.Role;
import dev.sluice.spec.Metadata;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say what a proxy is. */
final class NodeOptions {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "Namespace of a service that names none (default: default).")
  private String namespace = Metadata.DEFAULT_NAMESPACE;

  @Option(
      names = "--dependencies",
      paramLabel = "SERVICE",
      split = ",",
      description =
          "The only services it is sent, in its own namespace unless they name one (default: all of its namespace).")
  private List<String> dependencies = List.of();

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "A label that Gateways select by (default: app=SERVICE).")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(names = "--region", paramLabel = "NAME", description = "Region where it runs.")
  private String region = "";

  @Option(names = "--zone", paramLabel = "NAME", description = "Zone where it runs.")
  private String zone = "";

  @Option(
      names = "--inbound",
      paramLabel = "PORT:PORT",
      split = ",",
      converter = InboundPortConverter.class,
      description =
          "Sidecar: port that it listens on for calls in, and its application's on loopback.")
  private List<InboundPort> inbound = List.of();

  @Option(
      names = "--outbound-port",
      paramLabel = "PORT",
      description = "Sidecar, node: loopback port for calls out (default: 15001).")
  private int outboundPort = NodeGroup.DEFAULT_OUTBOUND_PORT;

  @Option(
      names = "--tcp",
      paramLabel = "SERVICE=PORT",
      split = ",",
      description =
          "Sidecar, node: loopback port for connections to a TCP service, name.namespace or name.namespace:port.")
  private Map<String, Integer> tcp = new LinkedHashMap<>();

  /** The group of a proxy with these options. */
  NodeGroup group(Role role, String service) {
    ServiceId id = service("--service", service, namespace);
    boolean calls = role == Role.SIDECAR || role == Role.NODE;
    check(inbound.isEmpty() || role == Role.SIDECAR, "--inbound is for --role sidecar only");
    check(
        calls || outboundPort == NodeGroup.DEFAULT_OUTBOUND_PORT,
        "--outbound-port is for --role sidecar and node only");
    check(
        outboundPort >= 1 && outboundPort <= 65535,
        "--outbound-port " + outboundPort + " is not within 1..65535");
    Set<Integer> taken = new HashSet<>();
    if (calls) {
      taken.add(outboundPort);
    }
    for (InboundPort port : inbound) {
      check(
          taken.add(port.port()),
          "--inbound %d:%d: port %d is taken by another listener; give each a port of its own"
              .formatted(port.port(), port.to(), port.port()));
    }
    check(tcp.isEmpty() || calls, "--tcp is for --role sidecar and node only");
    List<OutboundTcp> connections = new ArrayList<>();
    tcp.forEach(
        (to, port) -> {
          String option = "--tcp " + to + "=" + port;
          check(port >= 1 && port <= 65535, option + ": the port is not within 1..65535");
          check(
              taken.add(port),
              option
                  + ": port "
                  + port
                  + " is taken by another listener; give each a port of its own");
          connections.add(connection(to, id.namespace(), port));
        });
    TreeSet<ServiceId> wanted = new TreeSet<>();
    dependencies.forEach(text -> wanted.add(service("--dependencies", text, id.namespace())));
    TreeMap<String, String> all = new TreeMap<>(Map.of("app", id.name()));
    all.putAll(labels);
    Locality locality = new Locality(region, zone);
    return new NodeGroup(role, id, wanted, all, locality, outboundPort, inbound, connections);
  }

  private OutboundTcp connection(String to, String defaultNamespace, int port) {
    try {
      OutboundTcp connection = OutboundTcp.parse(to, defaultNamespace, port);
      service("--tcp", connection.service().toString(), defaultNamespace);
      return connection;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--tcp: " + e.getMessage(), e);
    }
  }

  private ServiceId service(String option, String text, String defaultNamespace) {
    ServiceId id = ServiceId.parse(text, defaultNamespace);
    check(
        LABEL.matcher(id.name()).matches() && LABEL.matcher(id.namespace()).matches(),
        option + ": \"" + text + "\" is no service; write name or name.namespace");
    return id;
  }

  private void check(boolean holds, String message) {
    if (!holds) {
      CommandLine command = spec.commandLine();
      throw new ParameterException(command, message);
    }
  }
}
