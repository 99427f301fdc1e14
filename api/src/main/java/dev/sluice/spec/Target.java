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
   * {@code spec.target.backends[]}.
   *
   * @param name unique among the backends
   * @param addresses the instances themselves ({@code static})
   * @param weight share of each of its instances relative to other backends', 0 to 1,000,000; null
   *     for 1; 0 leaves the backend out
   * @param locality where its instances run; null for unknown
   */
  @Planned({"kubernetes", "consul"})
  public record Backend(
      @Required String name,
      @Key("static") List<StaticAddress> addresses,
      @Nullable Integer weight,
      @Nullable Place locality) {
    public Backend {
      Objects.requireNonNull(name);
      addresses = List.copyOf(addresses);
    }
  }
}
