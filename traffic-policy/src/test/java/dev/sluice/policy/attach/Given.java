package dev.sluice.policy.attach;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Location;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.Kind;
import dev.sluice.spec.Metadata;
import dev.sluice.spec.Origin;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Services, gateways and indexes of them, in few words. */
final class Given {
  static final ServiceId ORDERS = new ServiceId("orders", "shop");

  private Given() {}

  /** A service of namespace shop with the ports, each named by its number's digits. */
  static Service service(String name, int... ports) {
    List<ServicePort> list =
        Arrays.stream(ports).mapToObj(port -> new ServicePort("p" + port, port, null)).toList();
    return new Service(new ServiceId(name, "shop"), list, List.of());
  }

  static Service withEndpoint(Service service, String address) {
    return withEndpoint(service, address, new SourceName("file", "test"));
  }

  /** The service with one more instance, which has all ports of it from 8080 on. */
  static Service withEndpoint(Service service, String address, SourceName source) {
    TreeMap<String, Integer> ports = new TreeMap<>();
    service.ports().forEach(port -> ports.put(port.name(), 8080 + ports.size()));
    Endpoint endpoint =
        new Endpoint(
            address,
            ports,
            new TreeMap<>(Map.of("on", address)),
            1,
            new Locality("north", "a"),
            Health.HEALTHY,
            source);
    return new Service(
        service.id(),
        service.ports(),
        Stream.concat(service.endpoints().stream(), Stream.of(endpoint)).toList());
  }

  static Gateway gateway(String name, String... hosts) {
    Gateway.Listener listener =
        new Gateway.Listener("http", 8080, Gateway.ListenerProtocol.HTTP, List.of(hosts), null);
    Gateway.Proxies proxies = new Gateway.Proxies(new TreeMap<>(Map.of("app", "front")));
    return new Gateway(
        Metadata.of(name, "edge"),
        new Gateway.Spec(proxies, List.of(listener), null, null, null, null, null),
        Origin.of(new Location(name + ".yaml", 1, 1)));
  }

  static DocumentKey gatewayKey(String name) {
    return new DocumentKey(Kind.GATEWAY, "edge", name);
  }

  static PolicyIndex index(Service service, Document... documents) {
    return PolicyIndex.of(Documents.of(List.of(documents)), Catalog.of(List.of(service)));
  }

  /** The only policy of service orders. */
  static EffectivePolicy only(PolicyIndex index) {
    List<EffectivePolicy> policies = index.policies(ORDERS);
    if (policies.size() != 1) {
      throw new AssertionError("not one policy: " + policies);
    }
    return policies.getFirst();
  }

  /** The status of the policy of that name in namespace shop. */
  static PolicyStatus status(PolicyIndex index, String name) {
    return Objects.requireNonNull(
        index.statuses().get(new DocumentKey(Kind.TRAFFIC_POLICY, "shop", name)));
  }

  /** The problems of that policy, as a person reads them. */
  static List<String> problems(PolicyIndex index, String name) {
    return status(index, name).problems().stream().map(Object::toString).toList();
  }
}
