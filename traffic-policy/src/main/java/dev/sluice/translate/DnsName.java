package dev.sluice.translate;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * What a Cluster's instances are found by, where it is not an assignment.
 *
 * @param host a DNS name
 * @param port where its addresses are called, 1 to 65535
 * @param healthPort where the proxy asks instances for their health; empty for {@code port}
 */
public record DnsName(String host, int port, OptionalInt healthPort) {
  public DnsName {
    Objects.requireNonNull(host);
    Objects.requireNonNull(healthPort);
  }
}
