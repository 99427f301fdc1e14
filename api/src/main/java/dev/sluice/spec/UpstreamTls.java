package dev.sluice.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.upstreamTLS}: the service's instances are called over TLS, and judged by their
 * certificates ({@code Cluster.transport_socket}). Secrets are those of the policy's namespace.
 *
 * @param secret the certificate that callers show; null for none
 * @param sni the server name that callers ask for; null for none
 * @param sans names of which an instance's certificate must have one: DNS names, IP literals, URIs;
 *     empty for {@code sni}
 * @param caSecret whose {@code ca.crt} has the authorities that instances' certificates are judged
 *     by
 */
public record UpstreamTls(
    @Nullable String secret, @Nullable String sni, List<String> sans, @Required String caSecret) {
  public UpstreamTls {
    sans = List.copyOf(sans);
  }
}
