package dev.sluice.spec;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.attach}: which proxies the policy is for.
 *
 * @param mesh whether sidecars, node proxies and gRPC clients have it; null for true
 * @param gateways the gateways that expose the service
 * @param hosts the names under which gateways expose it to requests; each covered by a listener's
 *     hosts
 */
public record Attach(@Nullable Boolean mesh, List<GatewayRef> gateways, List<String> hosts) {
  public Attach {
    gateways = List.copyOf(gateways);
    hosts = List.copyOf(hosts);
  }

  /**
   * {@code spec.attach.gateways[]}.
   *
   * @param name the gateway's name
   * @param namespace null for the policy's own
   * @param listener the gateway's TCP listener whose connections go to the service; null for its
   *     listeners for requests, by {@code hosts}
   */
  public record GatewayRef(
      @Required String name, @Nullable String namespace, @Nullable String listener) {
    public GatewayRef {
      Objects.requireNonNull(name);
    }
  }
}
