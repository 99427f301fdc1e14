package dev.sluice.server.demand;

import dev.sluice.catalog.ServiceId;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The services that are wanted at one moment.
 *
 * @param version greater for each that differs from the one before
 * @param services by name
 * @param namespaces of which all services are wanted
 */
public record Wants(long version, SortedSet<ServiceId> services, SortedSet<String> namespaces) {
  public Wants {
    services = Collections.unmodifiableSortedSet(new TreeSet<>(services));
    namespaces = Collections.unmodifiableSortedSet(new TreeSet<>(namespaces));
  }

  /** Whether somebody wants this one. */
  public boolean has(ServiceId id) {
    return services.contains(id) || namespaces.contains(id.namespace());
  }
}
