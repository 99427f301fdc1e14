package dev.sluice.server.source;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Location;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceEntry.OfDocument;
import dev.sluice.source.SourceEntry.OfDocumentKey;
import dev.sluice.source.SourceEntry.OfService;
import dev.sluice.source.SourceEntry.ServiceKey;
import dev.sluice.source.SourceUpdate;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.Kind;
import dev.sluice.spec.Metadata;
import dev.sluice.spec.Origin;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Short ways to write facts in tests. */
public final class Facts {

  private Facts() {}

  /** The id of a service in the namespace {@code shop}. */
  public static ServiceId id(String name) {
    return new ServiceId(name, "shop");
  }

  /** A healthy endpoint on port 8080 for the port {@code http}. */
  public static Endpoint endpoint(SourceName source, String address) {
    return endpoint(source, address, Health.HEALTHY);
  }

  /** An endpoint on port 8080 for the port {@code http}. */
  public static Endpoint endpoint(SourceName source, String address, Health health) {
    return new Endpoint(
        address,
        new TreeMap<>(java.util.Map.of("http", 8080)),
        new TreeMap<>(),
        1,
        Locality.UNKNOWN,
        health,
        source);
  }

  /** A service with the port {@code http}, 80. */
  public static Service service(SourceName source, String name, String... addresses) {
    return new Service(
        id(name),
        List.of(new ServicePort("http", 80, null)),
        List.of(addresses).stream().map(address -> endpoint(source, address)).toList());
  }

  /** The key of a gateway in the namespace {@code shop}. */
  public static DocumentKey gatewayKey(String name) {
    return new DocumentKey(Kind.GATEWAY, "shop", name);
  }

  /** A gateway document with one listener for {@code host}. */
  public static Gateway gateway(String name, String host, Location start) {
    Gateway.Listener listener =
        new Gateway.Listener("http", 8080, Gateway.ListenerProtocol.HTTP, List.of(host), null);
    SortedMap<String, String> selector = new TreeMap<>(java.util.Map.of("app", "edge"));
    return new Gateway(
        Metadata.of(name, "shop"),
        new Gateway.Spec(
            new Gateway.Proxies(selector), List.of(listener), null, null, null, null, null),
        Origin.of(start));
  }

  /** A gateway document without a place. */
  public static Gateway gateway(String name, String host) {
    return gateway(name, host, Location.ofFile(name + ".yaml"));
  }

  /** An update that tells a service. */
  public static SourceUpdate upsert(Service service) {
    return new SourceUpdate.Upsert(new OfService(service));
  }

  /** An update that tells a document. */
  public static SourceUpdate upsert(Gateway gateway) {
    return new SourceUpdate.Upsert(new OfDocument(gateway));
  }

  /** An update that takes a service away. */
  public static SourceUpdate removeService(String name) {
    return new SourceUpdate.Remove(new ServiceKey(id(name)));
  }

  /** An update that takes a gateway document away. */
  public static SourceUpdate removeGateway(String name) {
    return new SourceUpdate.Remove(new OfDocumentKey(gatewayKey(name)));
  }

  /** An update that tells all there is. */
  public static SourceUpdate replace(SourceEntry... entries) {
    return new SourceUpdate.Replace(List.of(entries));
  }

  /** The addresses of a service's endpoints; empty where the service is not known. */
  public static List<String> addresses(Catalog catalog, String name) {
    return catalog.service(id(name)).map(Service::endpoints).orElse(List.of()).stream()
        .map(Endpoint::address)
        .toList();
  }
}
