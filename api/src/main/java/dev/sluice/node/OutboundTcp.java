package dev.sluice.node;

import dev.sluice.catalog.ServiceId;
import java.util.Comparator;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A loopback port on which a sidecar or node proxy takes connections to a TCP service ({@code
 * node.metadata.sluice.tcp}).
 *
 * @param service the service
 * @param servicePort which of its ports; empty for its only TCP port
 * @param port what the proxy listens on, 1 to 65535
 */
public record OutboundTcp(ServiceId service, OptionalInt servicePort, int port)
    implements Comparable<OutboundTcp> {
  private static final Comparator<OutboundTcp> ORDER =
      Comparator.comparing(OutboundTcp::service)
          .thenComparingInt(tcp -> tcp.servicePort().orElse(0))
          .thenComparingInt(OutboundTcp::port);

  public OutboundTcp {
    Objects.requireNonNull(service);
    Objects.requireNonNull(servicePort);
  }

  /**
   * Reads a service as metadata and options write it: {@code name}, {@code name.namespace}, either
   * with {@code :port} where the service has several TCP ports.
   *
   * @param text the service
   * @param namespace of a service that names none
   * @param port what the proxy listens on
   * @throws IllegalArgumentException with a message for people
   */
  public static OutboundTcp parse(String text, String namespace, int port) {
    int colon = text.lastIndexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    ServiceId service = ServiceId.parse(name, namespace);
    if (service.name().isEmpty() || service.namespace().isEmpty()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no service; write name.namespace, or name.namespace:port");
    }
    return new OutboundTcp(
        service, colon < 0 ? OptionalInt.empty() : number(text, text.substring(colon + 1)), port);
  }

  private static OptionalInt number(String text, String port) {
    if (!port.matches("[0-9]{1,5}")
        || Integer.parseInt(port) < 1
        || Integer.parseInt(port) > 65535) {
      throw new IllegalArgumentException(
          "\"" + text + "\": \"" + port + "\" is not a port from 1 to 65535");
    }
    return OptionalInt.of(Integer.parseInt(port));
  }

  /** The service as it is written: {@code name.namespace}, with {@code :port} where it has one. */
  public String target() {
    return servicePort.isPresent() ? service + ":" + servicePort.getAsInt() : service.toString();
  }

  @Override
  public int compareTo(OutboundTcp other) {
    return ORDER.compare(this, other);
  }
}
