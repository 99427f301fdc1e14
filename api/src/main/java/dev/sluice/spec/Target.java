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
   * {@code spec.target.backends[]}: instances by one of {@code kubernetes}, {@code consul} and
   * {@code static}.
   *
   * @param name unique among the backends
   * @param kubernetes the instances that clusters have
   * @param consul the instances that Consul's data centres have
   * @param addresses the instances themselves ({@code static})
   * @param weight share of the calls that the backend gets as a whole, relative to other backends',
   *     0 to 1,000,000; null for 1, or for that of its instances where no backend gives a weight; 0
   *     leaves the backend out
   * @param locality where its instances run, over what their source says; null for that alone
   */
  @Exclusive({"kubernetes", "consul", "addresses"})
  public record Backend(
      @Required String name,
      @Nullable Kubernetes kubernetes,
      @Nullable Consul consul,
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

  /**
   * {@code spec.target.backends[].consul}: the instances that a service has in Consul's data
   * centres which Sluice watches.
   *
   * @param datacenter as {@code sources.consul[].name} has it; null for every one
   * @param namespace under which Sluice knows that source's services ({@code
   *     sources.consul[].namespace}); null for that of the policy's service
   * @param service its name in Consul, of at most 128 characters and without dots and slashes; null
   *     for the policy's service
   * @param tag only instances that carry this tag; null for all
   * @param port name or number of that service's port; null for the one of the policy's port's
   *     number, else for its only one
   */
  public record Consul(
      @Nullable String datacenter,
      @Nullable String namespace,
      @Nullable String service,
      @Nullable String tag,
      @Nullable String port) {}
}
