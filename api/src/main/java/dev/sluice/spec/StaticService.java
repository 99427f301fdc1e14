package dev.sluice.spec;

import dev.sluice.catalog.Protocol;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Instances that neither Kubernetes nor Consul knows: by their addresses, or by a DNS name.
 *
 * @param metadata the service's name and namespace
 * @param spec its ports and instances
 * @param origin where it was read
 */
public record StaticService(Metadata metadata, @Required Spec spec, Origin origin)
    implements Document {
  public StaticService {
    Objects.requireNonNull(metadata);
    Objects.requireNonNull(spec);
    Objects.requireNonNull(origin);
  }

  @Override
  public Kind kind() {
    return Kind.STATIC_SERVICE;
  }

  /**
   * {@code StaticService.spec} (policy.md, section 1).
   *
   * @param ports what callers dial; not empty
   * @param endpoints the instances
   * @param host the DNS name that the instances are found by, in place of {@code endpoints}; null
   *     where those say it
   */
  @Exclusive({"endpoints", "host"})
  public record Spec(@Required List<Port> ports, List<Instance> endpoints, @Nullable String host) {
    public Spec {
      ports = List.copyOf(ports);
      endpoints = List.copyOf(endpoints);
    }
  }

  /**
   * {@code StaticService.spec.ports[]}.
   *
   * @param name unique; may be left out where there is one port only
   * @param port 1 to 65535
   * @param protocol null for what the policy says, else http
   */
  public record Port(@Nullable String name, @Required Integer port, @Nullable Protocol protocol) {
    public Port {
      Objects.requireNonNull(port);
    }
  }

  /**
   * {@code StaticService.spec.endpoints[]}.
   *
   * @param address an IP literal
   * @param port the instance's port, where the service has one port; null for the service's own
   * @param ports the instance's port for each of the service's, by name
   * @param labels what versions select by
   * @param weight null for 1; at least 1
   * @param locality null for unknown
   * @param healthy null for true; false keeps it from being sent anything
   */
  public record Instance(
      @Required String address,
      @Nullable Integer port,
      SortedMap<String, Integer> ports,
      SortedMap<String, String> labels,
      @Nullable Integer weight,
      @Nullable Place locality,
      @Nullable Boolean healthy) {
    public Instance {
      Objects.requireNonNull(address);
      ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
      labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }
  }
}
