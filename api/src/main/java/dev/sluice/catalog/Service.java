package dev.sluice.catalog;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A service with its instances.
 *
 * @param id its name, the same in every source
 * @param ports in the order of the source; the first is the one meant where none is named
 * @param endpoints sorted, so that equal facts make equal services
 * @param host the DNS name that callers find its instances by, which then are not {@code
 *     endpoints}; empty where those are all
 */
public record Service(
    ServiceId id, List<ServicePort> ports, List<Endpoint> endpoints, Optional<String> host) {
  public Service {
    Objects.requireNonNull(id);
    Objects.requireNonNull(host);
    ports = List.copyOf(ports);
    endpoints = endpoints.stream().sorted().toList();
  }

  /** A service whose instances are known by their addresses. */
  public Service(ServiceId id, List<ServicePort> ports, List<Endpoint> endpoints) {
    this(id, ports, endpoints, Optional.empty());
  }

  /** The port of that number, if the service has it. */
  public Optional<ServicePort> port(int number) {
    return ports.stream().filter(port -> port.number() == number).findFirst();
  }
}
