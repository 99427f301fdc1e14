package dev.sluice.server.source;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.spec.Place;
import dev.sluice.spec.StaticService;
import dev.sluice.spec.StaticService.Instance;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the service that a StaticService document describes, whichever source has it. */
public final class StaticServices {

  private StaticServices() {}

  /** The service of {@code document}, told by {@code source}. */
  public static Service service(StaticService document, SourceName source) {
    ServiceId id = new ServiceId(document.metadata().name(), document.metadata().namespace());
    List<ServicePort> ports =
        document.spec().ports().stream()
            .map(p -> new ServicePort(orEmpty(p.name()), p.port(), p.protocol()))
            .toList();
    List<Endpoint> endpoints =
        document.spec().endpoints().stream().map(one -> endpoint(one, ports, source)).toList();
    return new Service(id, ports, endpoints, Optional.ofNullable(document.spec().host()));
  }

  private static Endpoint endpoint(Instance instance, List<ServicePort> ports, SourceName source) {
    SortedMap<String, Integer> numbers = new TreeMap<>();
    for (ServicePort port : ports) {
      int own = ports.size() == 1 && instance.port() != null ? instance.port() : port.number();
      numbers.put(port.name(), instance.ports().getOrDefault(port.name(), own));
    }
    return new Endpoint(
        instance.address(),
        numbers,
        instance.labels(),
        Objects.requireNonNullElse(instance.weight(), 1),
        locality(instance.locality()),
        Boolean.FALSE.equals(instance.healthy()) ? Health.UNHEALTHY : Health.HEALTHY,
        source);
  }

  private static Locality locality(@Nullable Place place) {
    return place == null
        ? Locality.UNKNOWN
        : new Locality(orEmpty(place.region()), orEmpty(place.zone()));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
