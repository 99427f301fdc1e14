package dev.sluice.server.source.consul;

import dev.sluice.catalog.ConsulTags;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Protocol;
import dev.sluice.server.consul.Addresses;
import dev.sluice.server.source.consul.Instance.State;
import dev.sluice.server.source.consul.Reply.Check;
import dev.sluice.server.source.consul.Reply.Entry;
import dev.sluice.server.source.consul.Reply.Node;
import dev.sluice.server.source.consul.Reply.Registered;
import dev.sluice.server.source.consul.Reply.Tagged;
import dev.sluice.server.source.consul.Reply.Weights;
import dev.sluice.server.source.consul.Reply.Where;
import dev.sluice.spec.IpLiteral;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one service.
 *
 * @param all those that can be sent traffic if they are well
 * @param wrong what is wrong with the others, and with what the metadata say
 */
record Instances(List<Instance> all, List<String> wrong) {
  /** The key of the metadata that say which port callers dial. */
  static final String PORT = "sluice-port";

  /** The key of the metadata that say what the service speaks. */
  static final String PROTOCOL = "sluice-protocol";

  private static final int MOST_PORT = 65_535;

  /** Consul's own checks, by which an operator takes a machine or an instance out. */
  private static final String NODE_MAINTENANCE = "_node_maintenance";

  private static final String SERVICE_MAINTENANCE = "_service_maintenance:";

  private static final String CRITICAL = "critical";
  private static final String WARNING = "warning";

  Instances {
    all = List.copyOf(all);
    wrong = List.copyOf(wrong);
  }

  /** Whether Consul has no instance at all, not even one that is left out. */
  boolean isNothing() {
    return all.isEmpty() && wrong.isEmpty();
  }

  /** Reads what Consul has registered; proxies and gateways of Connect are not instances. */
  static Instances of(List<Entry> entries, Addresses addresses) {
    List<Instance> all = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.service().kind().isEmpty()) {
        instance(entry, addresses, wrong).ifPresent(all::add);
      }
    }
    return new Instances(all, wrong);
  }

  private static Optional<Instance> instance(Entry entry, Addresses addresses, List<String> wrong) {
    Node node = entry.node();
    Registered service = entry.service();
    String who = service.id() + " on " + node.name();
    Tagged place = place(node, service, addresses);
    if (!IpLiteral.isIpLiteral(place.address())) {
      wrong.add(
          "%s: its address \"%s\" is no IP literal, so it is left out; register its IP"
              .formatted(who, place.address()));
      return Optional.empty();
    }
    if (place.port() < 1 || place.port() > MOST_PORT) {
      wrong.add(
          "%s has no port (%d), so it is left out; register one".formatted(who, place.port()));
      return Optional.empty();
    }
    Weights weights = service.weights() == null ? new Weights(1, 1) : service.weights();
    boolean warns = entry.checks().stream().anyMatch(one -> one.status().equals(WARNING));
    int weight = warns ? weights.warning() : weights.passing();
    return Optional.of(
        new Instance(
            node.name(),
            service.id(),
            place.address(),
            place.port(),
            ConsulTags.labels(service.tags(), service.meta()),
            Math.max(1, weight),
            locality(node, service),
            weight < 1 ? State.OUT : state(entry.checks()),
            servicePort(who, service.meta().get(PORT), wrong),
            protocol(who, service.meta().get(PROTOCOL), wrong)));
  }

  private static State state(List<Check> checks) {
    List<Check> critical =
        checks.stream().filter(check -> check.status().equals(CRITICAL)).toList();
    if (critical.isEmpty()) {
      return State.PASSING;
    }
    return critical.stream()
            .anyMatch(
                one ->
                    one.id().equals(NODE_MAINTENANCE) || one.id().startsWith(SERVICE_MAINTENANCE))
        ? State.OUT
        : State.CRITICAL;
  }

  /** The service's own address before its node's; of a kind that it has not, the usual one. */
  private static Tagged place(Node node, Registered service, Addresses addresses) {
    Tagged usual =
        new Tagged(
            service.address().isEmpty() ? node.address() : service.address(), service.port());
    String tag =
        switch (addresses) {
          case USUAL -> "";
          case LAN -> "lan";
          case WAN -> "wan";
        };
    Tagged own = service.taggedAddresses().get(tag);
    if (own != null && !own.address().isEmpty()) {
      return own.port() == 0 ? new Tagged(own.address(), usual.port()) : own;
    }
    String ofNode = service.address().isEmpty() ? node.taggedAddresses().get(tag) : null;
    return ofNode == null || ofNode.isEmpty() ? usual : new Tagged(ofNode, usual.port());
  }

  /** What Consul says of itself, then what the node's metadata say; a region is a data centre. */
  private static Locality locality(Node node, Registered service) {
    Where said = service.locality() == null ? node.locality() : service.locality();
    return said != null && !said.region().isEmpty()
        ? new Locality(said.region(), said.zone())
        : new Locality(
            node.meta().getOrDefault("region", node.datacenter()),
            node.meta().getOrDefault("zone", ""));
  }

  private static OptionalInt servicePort(String who, @Nullable String text, List<String> wrong) {
    if (text == null) {
      return OptionalInt.empty();
    }
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= MOST_PORT) {
        return OptionalInt.of(port);
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    wrong.add(
        "%s: its metadata %s=%s is no port; write a number from 1 to 65535"
            .formatted(who, PORT, text));
    return OptionalInt.empty();
  }

  private static Optional<Protocol> protocol(
      String who, @Nullable String text, List<String> wrong) {
    if (text == null) {
      return Optional.empty();
    }
    Optional<Protocol> found =
        Arrays.stream(Protocol.values())
            .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(text))
            .findFirst();
    if (found.isEmpty()) {
      wrong.add(
          "%s: its metadata %s=%s is no protocol; write one of %s"
              .formatted(
                  who,
                  PROTOCOL,
                  text,
                  Arrays.stream(Protocol.values())
                      .map(one -> one.name().toLowerCase(Locale.ROOT))
                      .collect(Collectors.joining(", "))));
    }
    return found;
  }
}
