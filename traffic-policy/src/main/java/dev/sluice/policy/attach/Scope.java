package dev.sluice.policy.attach;

import dev.sluice.catalog.ServiceId;
import java.util.Objects;

/** What a policy is about. */
public sealed interface Scope {
  /**
   * Calls to one port of one service.
   *
   * @param service the service
   * @param port its port's number
   */
  record OfPort(ServiceId service, int port) implements Scope {
    public OfPort {
      Objects.requireNonNull(service);
    }

    /** {@code name.namespace:port}. */
    @Override
    public String toString() {
      return service + ":" + port;
    }
  }

  /**
   * The defaults of every service of a namespace.
   *
   * @param namespace the namespace
   */
  record OfNamespace(String namespace) implements Scope {
    public OfNamespace {
      Objects.requireNonNull(namespace);
    }

    /** {@code *.namespace}. */
    @Override
    public String toString() {
      return "*." + namespace;
    }
  }
}
