package dev.sluice.policy.attach;

import dev.sluice.catalog.ServiceId;
import dev.sluice.spec.DocumentKey;

/** Something that policies name, by which those are found that a change may concern. */
sealed interface Subject {
  record OfService(ServiceId service) implements Subject {}

  record OfNamespace(String namespace) implements Subject {}

  record OfGateway(DocumentKey gateway) implements Subject {}

  record OfHost(DocumentKey gateway, String host) implements Subject {}

  record OfListener(GatewayListener listener) implements Subject {}
}
