package dev.sluice.policy.attach;

import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.ServicePort;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a port speaks: the policy's word, else the source's, else what the port's name tells. */
final class Protocols {
  private Protocols() {}

  static Protocol of(@Nullable Protocol policy, ServicePort port) {
    if (policy != null) {
      return policy;
    }
    Protocol source = port.protocol();
    return source != null ? source : ofName(port.name());
  }

  private static Protocol ofName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    int dash = lower.indexOf('-');
    return switch (dash < 0 ? lower : lower.substring(0, dash)) {
      case "grpc" -> Protocol.GRPC;
      case "http2", "h2c" -> Protocol.HTTP2;
      case "tcp" -> Protocol.TCP;
      default -> BuiltIn.PROTOCOL;
    };
  }
}
