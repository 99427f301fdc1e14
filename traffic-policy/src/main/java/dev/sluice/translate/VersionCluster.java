package dev.sluice.translate;

import dev.sluice.policy.attach.EffectivePolicy;
import java.util.Objects;

/**
 * The Cluster of one version as Envoys know it.
 *
 * @param name its name
 * @param statName what its statistics are named by
 */
public record VersionCluster(String name, String statName) {
  public VersionCluster {
    Objects.requireNonNull(name);
    Objects.requireNonNull(statName);
  }

  /** That of a declared version; patches are not looked at. */
  public static VersionCluster of(EffectivePolicy policy, String version) {
    String name = Names.version(policy, version);
    return new VersionCluster(
        name, policy.statPrefix().map(prefix -> prefix + "|" + version).orElse(name));
  }
}
