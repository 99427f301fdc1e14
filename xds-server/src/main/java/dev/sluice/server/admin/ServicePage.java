package dev.sluice.server.admin;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.server.overrides.ServiceNames;
import io.javalin.http.NotFoundResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Some of the services that a query asks for: as many as one answer holds.
 *
 * @param services sorted by namespace and name
 * @param next the last of them where more follow
 */
record ServicePage(List<Service> services, Optional<ServiceId> next) {
  /** So many instances by themselves are enough for an answer of some megabytes. */
  static final int MOST_INSTANCES = 5_000;

  ServicePage {
    services = List.copyOf(services);
  }

  /**
   * The services that come first of those asked for: at most {@code limit}, and no further one
   * where they would have more than {@value #MOST_INSTANCES} instances.
   *
   * @throws NotFoundResponse when a service is asked for by its name and is not known; the message
   *     names those that may be meant
   */
  static ServicePage of(Catalog catalog, ServiceQuery query) {
    List<Service> services = new ArrayList<>();
    int instances = 0;
    for (Service service : catalog.services().tailMap(query.start()).values()) {
      if (!query.matches(service.id())) {
        continue;
      }
      instances += query.detail() == ServiceQuery.Detail.COUNTS ? 0 : service.endpoints().size();
      boolean full = services.size() == query.limit() || instances > MOST_INSTANCES;
      if (full && !services.isEmpty()) {
        return new ServicePage(services, Optional.of(services.getLast().id()));
      }
      services.add(service);
    }
    if (services.isEmpty() && query.name().isPresent() && query.after().isEmpty()) {
      throw new NotFoundResponse(ServiceNames.unknown(query.wanted(), catalog.services().keySet()));
    }
    return new ServicePage(services, Optional.empty());
  }
}
