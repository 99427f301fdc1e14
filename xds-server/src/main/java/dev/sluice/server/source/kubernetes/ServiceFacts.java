package dev.sluice.server.source.kubernetes;

import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.ServicePort;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a Service.
 *
 * @param uid whose EndpointSlices are its own
 * @param ports those of TCP
 * @param families {@code ipFamilies}, the preferred one first
 * @param host {@code externalName}; empty for all but services of that type
 */
record ServiceFacts(
    String uid, List<ServicePort> ports, List<String> families, Optional<String> host) {
  private static final String EXTERNAL_NAME = "ExternalName";

  ServiceFacts {
    Objects.requireNonNull(uid);
    Objects.requireNonNull(host);
    ports = List.copyOf(ports);
    families = List.copyOf(families);
  }

  static ServiceFacts of(Service service) {
    ServiceSpec spec = service.getSpec();
    Optional<String> host =
        EXTERNAL_NAME.equals(spec.getType())
            ? Optional.ofNullable(spec.getExternalName()).map(ServiceFacts::withoutDot)
            : Optional.empty();
    return new ServiceFacts(
        Objects.requireNonNullElse(service.getMetadata().getUid(), ""),
        spec.getPorts().stream()
            .filter(port -> isTcp(port.getProtocol()))
            .map(ServiceFacts::port)
            .toList(),
        spec.getIpFamilies().stream().map(String::intern).toList(),
        host);
  }

  /** Whether it is TCP, which is what holds where nothing is said. */
  static boolean isTcp(@Nullable String protocol) {
    return protocol == null || protocol.equals("TCP");
  }

  private static ServicePort port(io.fabric8.kubernetes.api.model.ServicePort port) {
    String name = Objects.requireNonNullElse(port.getName(), "").intern();
    return new ServicePort(name, port.getPort(), protocol(port.getAppProtocol(), name));
  }

  /**
   * What a port speaks: {@code appProtocol} says it, else the beginning of the port's name, as
   * other meshes have it ({@code grpc}, {@code http-web}).
   */
  private static @Nullable Protocol protocol(@Nullable String appProtocol, String name) {
    if (appProtocol != null) {
      return word(appProtocol.toLowerCase(Locale.ROOT));
    }
    int dash = name.indexOf('-');
    return word(dash < 0 ? name : name.substring(0, dash));
  }

  private static @Nullable Protocol word(String word) {
    return switch (word) {
      case "http", "kubernetes.io/ws" -> Protocol.HTTP;
      case "http2", "h2c", "kubernetes.io/h2c" -> Protocol.HTTP2;
      case "grpc" -> Protocol.GRPC;
      // TLS that is not ours to end, and what is no HTTP at all, are bytes to us.
      case "tcp", "https", "tls", "kubernetes.io/wss" -> Protocol.TCP;
      default -> null;
    };
  }

  private static String withoutDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
