package dev.sluice.translate;

import com.google.protobuf.ProtocolStringList;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Virtual hosts put together ({@code envoy.config.route.v3.RouteConfiguration}). */
final class RouteConfigurations {
  private RouteConfigurations() {}

  /** How hosts with a port are looked up. */
  enum Ports {
    /** {@code svc} and {@code svc:80} are different hosts. */
    MATCHED,
    /** Whatever port the client wrote. */
    IGNORED
  }

  /**
   * The virtual hosts by name, each domain once: Envoy would refuse the whole RouteConfiguration.
   */
  static AssembledRoutes assemble(String name, Collection<VirtualHost> hosts, Ports ports) {
    RouteConfiguration.Builder routes =
        RouteConfiguration.newBuilder()
            .setName(name)
            .setIgnorePortInHostMatching(ports == Ports.IGNORED);
    List<Problem> problems = new ArrayList<>();
    Map<String, String> owners = new HashMap<>();
    for (VirtualHost host :
        hosts.stream().sorted(Comparator.comparing(VirtualHost::getName)).toList()) {
      List<String> domains = new ArrayList<>();
      for (String domain : host.getDomainsList()) {
        String owner = owners.putIfAbsent(domain.toLowerCase(Locale.ROOT), host.getName());
        if (owner == null) {
          domains.add(domain);
        } else {
          problems.add(taken(name, domain, owner, host.getName()));
        }
      }
      if (!domains.isEmpty()) {
        routes.addVirtualHosts(restricted(host, domains));
      }
    }
    return new AssembledRoutes(routes.build(), problems);
  }

  private static VirtualHost restricted(VirtualHost host, List<String> domains) {
    ProtocolStringList all = host.getDomainsList();
    return all.size() == domains.size()
        ? host
        : host.toBuilder().clearDomains().addAllDomains(domains).build();
  }

  private static Problem taken(String routes, String domain, String owner, String loser) {
    return Problem.warning(
        Location.ofFile("RouteConfiguration " + routes),
        "$",
        "host \"%s\" of %s is %s already; give one of them another host"
            .formatted(domain, loser, owner));
  }
}
