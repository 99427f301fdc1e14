package dev.sluice.catalog;

import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import org.pcollections.TreePMap;

/**
 * The immutable image of all services, sorted by id.
 *
 * <p>A changed catalog shares all but a path of its tree with the one before, so that a change
 * costs time and memory in proportion to itself.
 */
public final class Catalog {
  /** The catalog without services. */
  public static final Catalog EMPTY = new Catalog(TreePMap.empty());

  private final TreePMap<ServiceId, Service> services;

  private Catalog(TreePMap<ServiceId, Service> services) {
    this.services = services;
  }

  /** The catalog of {@code services}; of two with the same id the later one counts. */
  public static Catalog of(Collection<Service> services) {
    Catalog catalog = EMPTY;
    for (Service service : services) {
      catalog = catalog.with(service);
    }
    return catalog;
  }

  /** This catalog with {@code service} in place of the one with its id. */
  public Catalog with(Service service) {
    return new Catalog(services.plus(service.id(), service));
  }

  /** This catalog without the service {@code id}. */
  public Catalog without(ServiceId id) {
    return new Catalog(services.minus(id));
  }

  /** The service of that id, if it is known. */
  public Optional<Service> service(ServiceId id) {
    return Optional.ofNullable(services.get(id));
  }

  /** All services by id; not modifiable. */
  public SortedMap<ServiceId, Service> services() {
    return services;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Catalog that && services.equals(that.services);
  }

  @Override
  public int hashCode() {
    return services.hashCode();
  }

  @Override
  public String toString() {
    return "Catalog" + services.values();
  }
}
