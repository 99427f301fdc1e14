package dev.sluice.policy.attach;

import dev.sluice.catalog.ServiceId;
import dev.sluice.spec.DocumentKey;

/** Something that policies name, by which those are found that a change may concern. */
sealed interface Subject {
  /** Whether policies that name it may gain or lose by each other. */
  default boolean isContested() {
    return switch (this) {
      case OfService _, OfNamespace _, OfHost _, OfListener _ -> true;
      case OfGateway _, OfBackend _, OfBackendNamed _ -> false;
    };
  }

  record OfService(ServiceId service) implements Subject {}

  record OfNamespace(String namespace) implements Subject {}

  record OfGateway(DocumentKey gateway) implements Subject {}

  /** A service whose instances are those of a policy for another one, or for itself. */
  record OfBackend(ServiceId service) implements Subject {}

  /**
   * Services whose instances may be those of a policy, of whatever namespace: that of Consul's
   * services is a setting, and a policy that means the wrong one is told which has them.
   */
  record OfBackendNamed(String name) implements Subject {}

  record OfHost(DocumentKey gateway, String host) implements Subject {}

  record OfListener(GatewayListener listener) implements Subject {}
}
