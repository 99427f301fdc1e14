package dev.sluice.server.explain;

import dev.sluice.catalog.ServiceId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Cluster's name tells: {@code name.namespace|port} or {@code name.namespace|port|version}.
 *
 * @param service whose instances it has
 * @param port of the service
 * @param version whose; empty for all
 */
record ClusterName(ServiceId service, int port, Optional<String> version) {
  private static final Pattern NAME =
      Pattern.compile("(?<service>[^|]+\\.[^|]+)\\|(?<port>[0-9]{1,5})(?:\\|(?<version>[^|]+))?");

  /** Empty where the name is none that Sluice gives to a service's Cluster. */
  static Optional<ClusterName> parse(String cluster) {
    Matcher parts = NAME.matcher(cluster);
    if (!parts.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new ClusterName(
            ServiceId.parse(parts.group("service"), ""),
            Integer.parseInt(parts.group("port")),
            Optional.ofNullable(parts.group("version"))));
  }
}
