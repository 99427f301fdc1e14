package dev.sluice.translate;

import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.EffectivePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What resources are called. */
final class Names {
  /** The outbound listener and its RouteConfiguration. */
  static final String OUTBOUND = "outbound";

  private Names() {}

  /** A Cluster of all instances, and a virtual host. */
  static String whole(EffectivePolicy policy) {
    return whole(policy.service(), policy.port().number());
  }

  /** The assignment of all instances of a service's port. */
  static String whole(ServiceId service, int port) {
    return service + "|" + port;
  }

  /** A Cluster of one version. */
  static String version(EffectivePolicy policy, String version) {
    return whole(policy) + "|" + version;
  }

  /** The service that a Cluster is of, from the Cluster's name. */
  static String service(String cluster) {
    return cluster.substring(0, cluster.indexOf('|'));
  }

  static String route(EffectivePolicy policy, String route) {
    return policy.service() + "/" + route;
  }

  /** The listener on a port of a gateway, and its RouteConfiguration. */
  static String gateway(int port) {
    return "gateway|" + port;
  }

  /** The listener on a port of a gateway for connections to a TCP service. */
  static String gatewayTcp(int port, EffectivePolicy policy) {
    return gateway(port) + "|" + whole(policy);
  }

  /** The listener on a port for calls to the local application, and its RouteConfiguration. */
  static String inboundListener(int port) {
    return "inbound|" + port;
  }

  /** The listener on a loopback port for connections to a TCP service. */
  static String tcpListener(int port) {
    return "tcp|" + port;
  }

  /** The Cluster of the local application. */
  static String inboundCluster(int port) {
    return "inbound|" + port;
  }

  /** Statistics' names are parted by dots and read by tools, so no other punctuation. */
  static String statistic(String name) {
    return name.replaceAll("[^A-Za-z0-9_]", "_");
  }

  /** The hosts under which every caller in the mesh knows a service. */
  static List<String> mesh(ServiceId service, int port, Portless portless) {
    String qualified = service.toString();
    return domains(List.of(qualified, qualified + ".svc.cluster.local"), port, portless);
  }

  /** The hosts under which callers of its own namespace know a service, besides. */
  static List<String> local(ServiceId service, int port, Portless portless) {
    return domains(List.of(service.name()), port, portless);
  }

  /** Whether a port also answers to the service's names without a port. */
  enum Portless {
    YES,
    NO
  }

  private static List<String> domains(List<String> hosts, int port, Portless portless) {
    List<String> domains = new ArrayList<>();
    for (String host : hosts) {
      String lower = host.toLowerCase(Locale.ROOT);
      if (portless == Portless.YES) {
        domains.add(lower);
      }
      domains.add(lower + ":" + port);
    }
    return domains;
  }
}
