package dev.sluice.spec;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.target}: the service that the policy is about.
 *
 * @param service {@code name}, {@code name.namespace}, or {@code *} for every service of the
 *     policy's namespace (resilience sections only)
 * @param port the service's port number; null for its only port
 * @param backends where the instances come from; empty for the service of that name in every source
 */
public record Target(@Required String service, @Nullable Integer port, List<Backend> backends) {
  /** What {@link #service} says for every service of a namespace. */
  public static final String EVERY_SERVICE = "*";

  public Target {
    Objects.requireNonNull(service);
    backends = List.copyOf(backends);
  }

  /**
   * {@code spec.target.backends[]}: instances by one of {@code kubernetes} and {@code static}.
   *
   * @param name unique among the backends
   * @param kubernetes the instances that clusters have; null where {@code static} is given
   * @param addresses the instances themselves ({@code static})
   * @param weight share of each of its instances relative to other backends', 0 to 1,000,000; null
   *     for 1; 0 leaves the backend out
   * @param locality where its instances run, over what their source says; null for that alone
   */
  @Planned("consul")
  @Exclusive({"kubernetes", "addresses"})
  public record Backend(
      @Required String name,
      @Nullable Kubernetes kubernetes,
      @Key("static") List<StaticAddress> addresses,
      @Nullable Integer weight,
      @Nullable Place locality) {
    public Backend {
      Objects.requireNonNull(name);
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * {@code spec.target.backends[].kubernetes}: the instances that a service has in clusters which
   * Sluice watches.
   *
   * @param cluster as {@code sources.kubernetes[].name} has it; null for every cluster
   * @param namespace null for that of the policy's service
   * @param service null for the policy's service
   * @param port name or number of that service's port; null for the one of the policy's port's
   *     number, else for its only one
   */
  public record Kubernetes(
      @Nullable String cluster,
      @Nullable String namespace,
      @Nullable String service,
      @Nullable String port) {}
}
