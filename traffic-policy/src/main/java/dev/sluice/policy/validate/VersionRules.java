package dev.sluice.policy.validate;

import dev.sluice.spec.TrafficPolicySpec;
import dev.sluice.spec.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** {@code spec.versions}. */
final class VersionRules {
  private VersionRules() {}

  static void check(At spec, TrafficPolicySpec policy) {
    At at = spec.key("versions");
    List<Version> versions = policy.versions();
    if (!at.legible()) {
      return;
    }
    if (versions.size() > VersionNames.MOST_VERSIONS) {
      at.error(
          "has %d versions; the most is %d".formatted(versions.size(), VersionNames.MOST_VERSIONS));
    }
    Map<SortedMap<String, String>, String> seen = new HashMap<>();
    for (int i = 0; i < versions.size(); i++) {
      Version version = versions.get(i);
      Names.dnsLabel(at.index(i).key("name"), version.name());
      labels(at.index(i).key("labels"), version, seen);
      ResilienceRules.check(
          at.index(i).key("overrides"), version.resilience(), policy.resilience());
    }
    Names.unique(at, versions, Version::name, "name", "version");
  }

  private static void labels(At at, Version version, Map<SortedMap<String, String>, String> seen) {
    if (version.labels().isEmpty()) {
      at.error("a version needs labels to tell its instances by; write such as {version: v1}");
      return;
    }
    String before = seen.putIfAbsent(version.labels(), version.name());
    if (before != null && !before.equals(version.name())) {
      at.warning("version \"" + before + "\" has the same labels, so both have the same instances");
    }
  }
}
