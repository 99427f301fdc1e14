package dev.sluice.server.overrides;

import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.spec.Documents;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.InstanceOverride.Match;
import dev.sluice.spec.StaticAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Other services whose callers reach the same instance: two Kubernetes Services over the same pods,
 * or a policy whose backends name it. An override is about the instances of one service alone.
 */
final class Elsewhere {
  private static final int SHOWN = 5;

  private Elsewhere() {}

  /**
   * What whoever takes the instance away should know.
   *
   * @param inForce the documents by which instances take requests now, or do not
   */
  static List<String> of(Meant meant, Match match, PolicyIndex index, Documents inForce) {
    Set<StaticAddress> addresses = meant.instances().addresses(match);
    Set<String> ips = addresses.stream().map(StaticAddress::ip).collect(Collectors.toSet());
    List<ServiceId> others = new ArrayList<>();
    index
        .services()
        .forEach(
            (id, service) -> {
              List<EffectivePolicy> ports = index.policies(id);
              if (!id.equals(meant.service())
                  && isNear(service, ports, ips)
                  && takes(service, ports, addresses, Meant.ofService(id, inForce))) {
                others.add(id);
              }
            });
    if (others.isEmpty()) {
      return List.of();
    }
    String named =
        others.stream().limit(SHOWN).map(ServiceId::toString).collect(Collectors.joining(", "));
    String more = others.size() > SHOWN ? " and " + (others.size() - SHOWN) + " more" : "";
    return List.of(
        "%s is called under other names too, which stay as they are: %s%s; drain it there as well"
            .formatted(meant.shown(), named, more));
  }

  /** Few services are, so that not every instance of every one is looked at closely. */
  private static boolean isNear(Service service, List<EffectivePolicy> ports, Set<String> ips) {
    return service.endpoints().stream().anyMatch(it -> ips.contains(it.address()))
        || ports.stream()
            .flatMap(port -> port.backends().stream())
            .flatMap(backend -> backend.members().stream())
            .anyMatch(it -> ips.contains(it.address().ip()));
  }

  private static boolean takes(
      Service service,
      List<EffectivePolicy> ports,
      Set<StaticAddress> addresses,
      List<InstanceOverride> overrides) {
    return ports.stream()
        .flatMap(port -> Called.of(service, port).stream())
        .anyMatch(it -> addresses.contains(it.address()) && it.takes(overrides));
  }
}
