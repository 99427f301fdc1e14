package dev.sluice.e2e;

import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor.Entry;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A file of {@code github.com/envoyproxy/ratelimit}, which is refused for what that would refuse.
 *
 * @param domain whose limits it has
 * @param nodes what stands first, by key or {@code key_value}
 */
record RateLimitTree(String domain, Map<String, Node> nodes) {
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "second", ChronoUnit.SECONDS,
          "minute", ChronoUnit.MINUTES,
          "hour", ChronoUnit.HOURS,
          "day", ChronoUnit.DAYS);

  /** So many requests in each window of a time. */
  record Limit(int requests, Duration window) {}

  /** A limit for what ends here, and what may stand next. */
  record Node(Optional<Limit> limit, Map<String, Node> nodes) {}

  static RateLimitTree read(String file) {
    Map<?, ?> root = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(file);
    String domain = (String) Objects.requireNonNull(root.get("domain"), "domain");
    if (domain.isEmpty() || !List.of("domain", "descriptors").containsAll(root.keySet())) {
      throw new IllegalArgumentException(file);
    }
    return new RateLimitTree(domain, nodes(root.get("descriptors")));
  }

  private static Map<String, Node> nodes(@Nullable Object descriptors) {
    Map<String, Node> nodes = new HashMap<>();
    if (descriptors == null) {
      return nodes;
    }
    for (Object each : (List<?>) descriptors) {
      Map<?, ?> descriptor = (Map<?, ?>) each;
      if (!List.of("key", "value", "rate_limit", "descriptors").containsAll(descriptor.keySet())) {
        throw new IllegalArgumentException("unknown keys in " + descriptor);
      }
      String key = (String) Objects.requireNonNull(descriptor.get("key"), "key");
      Object value = descriptor.get("value");
      String name = value == null ? key : key + "_" + value;
      Node node =
          new Node(limit(descriptor.get("rate_limit")), nodes(descriptor.get("descriptors")));
      if (nodes.put(name, node) != null) {
        throw new IllegalArgumentException("twice: " + name);
      }
    }
    return nodes;
  }

  private static Optional<Limit> limit(@Nullable Object given) {
    if (!(given instanceof Map<?, ?> limit)) {
      return Optional.empty();
    }
    String unit = String.valueOf(limit.get("unit")).toLowerCase(Locale.ROOT);
    ChronoUnit known = Objects.requireNonNull(UNITS.get(unit), unit);
    return Optional.of(
        new Limit(
            (Integer) Objects.requireNonNull(limit.get("requests_per_unit")), known.getDuration()));
  }

  /** The limit of what stands where the entries end: {@code key_value} comes before {@code key}. */
  Optional<Limit> limit(List<Entry> entries) {
    Map<String, Node> next = nodes;
    Optional<Limit> limit = Optional.empty();
    for (Entry entry : entries) {
      Node node = next.get(entry.getKey() + "_" + entry.getValue());
      node = node == null ? next.get(entry.getKey()) : node;
      if (node == null) {
        return Optional.empty();
      }
      limit = node.limit();
      next = node.nodes();
    }
    return limit;
  }
}
