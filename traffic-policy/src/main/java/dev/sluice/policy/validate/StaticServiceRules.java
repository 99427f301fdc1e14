package dev.sluice.policy.validate;

import dev.sluice.spec.IpLiteral;
import dev.sluice.spec.StaticService;
import dev.sluice.spec.StaticService.Instance;
import dev.sluice.spec.StaticService.Port;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A StaticService. */
final class StaticServiceRules {
  private static final int MOST_WEIGHT = 1_000_000;

  private StaticServiceRules() {}

  static void check(At at, StaticService.Spec spec) {
    At ports = at.key("ports");
    At endpoints = at.key("endpoints");
    host(at, spec);
    if (!ports.legible()) {
      return;
    }
    ports(ports, spec.ports());
    if (endpoints.legible()) {
      endpoints(endpoints, spec);
    }
  }

  private static void host(At at, StaticService.Spec spec) {
    String host = spec.host();
    if (host == null) {
      return;
    }
    At own = at.key("host");
    if (!spec.endpoints().isEmpty()) {
      own.error("has host and endpoints; keep one of them: a DNS name, or the addresses");
    }
    if (IpLiteral.isIpLiteral(host)) {
      own.error(
          "\""
              + host
              + "\" is an address, not a DNS name; write endpoints: [{address: "
              + host
              + "}]");
    } else {
      Names.exactHost(own, host);
    }
  }

  private static void ports(At at, List<Port> ports) {
    if (ports.isEmpty()) {
      at.error("a service needs a port; write [{name: http, port: 80}]");
    }
    for (int i = 0; i < ports.size(); i++) {
      Port port = ports.get(i);
      At own = at.index(i);
      own.within("port", port.port(), 1, 65_535);
      if (port.name() != null) {
        Names.dnsLabel(own.key("name"), port.name());
      } else if (ports.size() > 1) {
        own.error("needs a name, since the service has several ports; write such as name: http");
      }
    }
    Names.unique(
        at,
        ports,
        port -> Objects.requireNonNullElse(port.name(), port.port().toString()),
        "name",
        "port");
    Names.unique(at, ports, port -> port.port().toString(), "port", "port");
  }

  private static void endpoints(At at, StaticService.Spec spec) {
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < spec.endpoints().size(); i++) {
      Instance instance = spec.endpoints().get(i);
      instance(at.index(i), instance, spec.ports());
      for (String dialled : dialled(instance, spec.ports())) {
        Integer before = seen.putIfAbsent(dialled, i);
        if (before != null && before != i) {
          at.index(i)
              .key("address")
              .error(
                  "the instance is already given "
                      + at.index(before).where()
                      + "; keep one of them");
          break;
        }
      }
    }
  }

  /** What is connected to for each of the service's ports. */
  private static List<String> dialled(Instance instance, List<Port> ports) {
    List<String> dialled = new ArrayList<>();
    for (Port port : ports) {
      Integer mapped = port.name() == null ? null : instance.ports().get(port.name());
      Integer own = instance.port() == null ? port.port() : instance.port();
      dialled.add(port.port() + " " + instance.address() + " " + (mapped == null ? own : mapped));
    }
    return dialled;
  }

  private static void instance(At at, Instance instance, List<Port> ports) {
    if (!IpLiteral.isIpLiteral(instance.address())) {
      at.key("address")
          .error(
              "\""
                  + instance.address()
                  + "\" is not an IP literal; Envoy takes no host names among endpoints");
    }
    at.within("port", instance.port(), 1, 65_535);
    at.within("weight", instance.weight(), 1, MOST_WEIGHT);
    if (instance.port() != null && !instance.ports().isEmpty()) {
      at.error("has port and ports; keep one of them");
    } else if (instance.port() != null && ports.size() > 1) {
      at.key("port")
          .error(
              "the service has several ports; write ports: {"
                  + names(ports).getFirst()
                  + ": "
                  + instance.port()
                  + ", ...}");
    }
    instance.ports().forEach((name, port) -> mapped(at.key("ports"), name, port, ports));
  }

  private static void mapped(At at, String name, int port, List<Port> ports) {
    if (!names(ports).contains(name)) {
      at.key(name)
          .error(
              "unknown port \"" + name + "\" (declared: " + String.join(", ", names(ports)) + ")");
    }
    at.within(name, port, 1, 65_535);
  }

  private static List<String> names(List<Port> ports) {
    return ports.stream().map(Port::name).filter(Objects::nonNull).toList();
  }
}
