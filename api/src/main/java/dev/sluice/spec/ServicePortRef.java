package dev.sluice.spec;

import java.util.Objects;

/**
 * A port of a service that proxies call for themselves.
 *
 * @param service {@code name}, or {@code name.namespace} where it is another's
 * @param port of the service, 1 to 65535
 */
public record ServicePortRef(@Required String service, @Required Integer port) {
  public ServicePortRef {
    Objects.requireNonNull(service);
    Objects.requireNonNull(port);
  }
}
