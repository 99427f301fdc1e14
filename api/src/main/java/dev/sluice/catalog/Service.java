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
 */
public record Service(ServiceId id, List<ServicePort> ports, List<Endpoint> endpoints) {
  public Service {
    Objects.requireNonNull(id);
    ports = List.copyOf(ports);
    endpoints = endpoints.stream().sorted().toList();
  }

  /** The port of that number, if the service has it. */
  public Optional<ServicePort> port(int number) {
    return ports.stream().filter(port -> port.number() == number).findFirst();
  }
}
