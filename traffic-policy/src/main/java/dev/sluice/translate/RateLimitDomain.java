package dev.sluice.translate;

import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.policy.attach.GlobalLimitPolicy;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.RateLimit.LimitKey;
import dev.sluice.spec.RateLimitService;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that a rate-limit service is to count for the gateways of one domain: the configuration of
 * {@code github.com/envoyproxy/ratelimit}, a file for each domain.
 *
 * @param name the domain
 * @param limits by their names
 */
public record RateLimitDomain(String name, SortedMap<String, GlobalLimitPolicy> limits) {
  public RateLimitDomain {
    Objects.requireNonNull(name);
    limits = Collections.unmodifiableSortedMap(new TreeMap<>(limits));
  }

  /**
   * The domains that Gateways name, by their names: each has the limits of all services that its
   * gateways have, and there may be none.
   */
  public static SortedMap<String, RateLimitDomain> all(PolicyIndex index) {
    SortedMap<String, SortedMap<String, GlobalLimitPolicy>> limits = new TreeMap<>();
    Map<DocumentKey, String> domains = new HashMap<>();
    for (Gateway gateway : index.gateways().values()) {
      RateLimitService service = gateway.spec().rateLimitService();
      if (service != null) {
        domains.put(gateway.key(), name(gateway, service));
        limits.put(name(gateway, service), new TreeMap<>());
      }
    }
    if (!domains.isEmpty()) {
      index.services().keySet().stream()
          .flatMap(id -> index.policies(id).stream())
          .forEach(policy -> collect(policy, domains, limits));
    }
    SortedMap<String, RateLimitDomain> all = new TreeMap<>();
    limits.forEach((name, own) -> all.put(name, new RateLimitDomain(name, own)));
    return all;
  }

  /** The files by their domains, in YAML. */
  public static SortedMap<String, String> files(PolicyIndex index) {
    SortedMap<String, String> files = new TreeMap<>();
    all(index).forEach((name, domain) -> files.put(name, domain.yaml()));
    return files;
  }

  private static void collect(
      EffectivePolicy policy,
      Map<DocumentKey, String> domains,
      SortedMap<String, SortedMap<String, GlobalLimitPolicy>> limits) {
    for (EffectivePolicy.GatewayHosts exposed : policy.gateways()) {
      String domain = domains.get(exposed.gateway());
      if (domain != null) {
        limits(policy, exposed)
            .forEach(limit -> Objects.requireNonNull(limits.get(domain)).put(limit.id(), limit));
      }
    }
  }

  /** All limits of the service under some hosts. */
  static Stream<GlobalLimitPolicy> limits(
      EffectivePolicy policy, EffectivePolicy.GatewayHosts exposed) {
    return Stream.concat(
            Stream.of(policy.requests()), exposed.routes().stream().map(route -> route.requests()))
        .map(requests -> requests.globalLimits())
        .flatMap(Collection::stream);
  }

  /** The domain that {@code gateway} names, or else its own. */
  static String name(Gateway gateway, RateLimitService service) {
    return Objects.requireNonNullElse(
        service.domain(), gateway.metadata().name() + "." + gateway.metadata().namespace());
  }

  /** The file, in YAML; equal for equal limits. */
  public String yaml() {
    StringBuilder text = new StringBuilder("domain: " + quoted(name) + "\n");
    text.append(limits.isEmpty() ? "descriptors: []\n" : "descriptors:\n");
    for (GlobalLimitPolicy limit : limits.values()) {
      text.append("  - key: ").append(GlobalLimits.LIMIT).append('\n');
      text.append("    value: ").append(quoted(limit.id())).append('\n');
      below(text, limit, 0, "    ");
    }
    return text.toString();
  }

  /**
   * What counts once the keys before {@code from} are told: since a request may lack any of the
   * others but its address, each may come next, and none.
   */
  private static void below(StringBuilder text, GlobalLimitPolicy limit, int from, String indent) {
    List<LimitKey> keys = limit.key();
    if (keys.subList(from, keys.size()).stream().allMatch(RateLimitDomain::maybeLacking)) {
      text.append(indent)
          .append("rate_limit: {unit: ")
          .append(limit.per().name().toLowerCase(Locale.ROOT))
          .append(", requests_per_unit: ")
          .append(limit.requests())
          .append("}\n");
    }
    if (from < keys.size()) {
      text.append(indent).append("descriptors:\n");
    }
    for (int next = from; next < keys.size(); next++) {
      text.append(indent).append("  - key: ");
      text.append(quoted(GlobalLimits.name(keys.get(next)))).append('\n');
      below(text, limit, next + 1, indent + "    ");
      if (!maybeLacking(keys.get(next))) {
        return;
      }
    }
  }

  private static boolean maybeLacking(LimitKey key) {
    return key.remoteAddress() == null;
  }

  /** Names that validation has let through hold nothing that a quoted scalar escapes. */
  private static String quoted(String name) {
    return '"' + name + '"';
  }
}
