package dev.sluice.policy.attach;

import dev.sluice.spec.DocumentKey;
import java.util.Comparator;
import java.util.Objects;

/**
 * A gateway's listener for connections.
 *
 * @param gateway the Gateway document
 * @param name the listener's name
 */
public record GatewayListener(DocumentKey gateway, String name)
    implements Comparable<GatewayListener> {
  private static final Comparator<GatewayListener> ORDER =
      Comparator.comparing(GatewayListener::gateway).thenComparing(GatewayListener::name);

  public GatewayListener {
    Objects.requireNonNull(gateway);
    Objects.requireNonNull(name);
  }

  @Override
  public int compareTo(GatewayListener other) {
    return ORDER.compare(this, other);
  }

  /** {@code listener "name" of Gateway namespace/gateway}, for messages. */
  @Override
  public String toString() {
    return "listener \"%s\" of Gateway %s/%s".formatted(name, gateway.namespace(), gateway.name());
  }
}
