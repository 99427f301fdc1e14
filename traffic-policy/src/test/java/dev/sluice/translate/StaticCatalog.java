package dev.sluice.translate;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.spec.Place;
import dev.sluice.spec.StaticService;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The catalog of StaticService documents. */
final class StaticCatalog {
  private static final SourceName SOURCE = new SourceName("file", "catalog.yaml");

  private StaticCatalog() {}

  static Catalog of(List<StaticService> documents) {
    return Catalog.of(documents.stream().map(StaticCatalog::service).toList());
  }

  private static Service service(StaticService document) {
    List<ServicePort> ports =
        document.spec().ports().stream()
            .map(port -> new ServicePort(text(port.name()), port.port(), port.protocol()))
            .toList();
    List<Endpoint> endpoints =
        document.spec().endpoints().stream().map(one -> endpoint(one, ports)).toList();
    return new Service(
        new ServiceId(document.metadata().name(), document.metadata().namespace()),
        ports,
        endpoints,
        Optional.ofNullable(document.spec().host()));
  }

  private static Endpoint endpoint(StaticService.Instance instance, List<ServicePort> ports) {
    SortedMap<String, Integer> own = new TreeMap<>();
    for (ServicePort port : ports) {
      Integer same = instance.port() == null ? port.number() : instance.port();
      own.put(port.name(), instance.ports().getOrDefault(port.name(), same));
    }
    return new Endpoint(
        instance.address(),
        own,
        instance.labels(),
        instance.weight() == null ? 1 : instance.weight(),
        locality(instance.locality()),
        Boolean.FALSE.equals(instance.healthy()) ? Health.UNHEALTHY : Health.HEALTHY,
        SOURCE);
  }

  private static Locality locality(@Nullable Place place) {
    return place == null
        ? Locality.UNKNOWN
        : new Locality(text(place.region()), text(place.zone()));
  }

  private static String text(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }
}
