package dev.sluice.server.rollout;

import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.policy.attach.Scope;
import dev.sluice.server.pipeline.HeldBack;
import dev.sluice.server.rollout.analysis.Measured;
import dev.sluice.spec.DocumentKey;
import dev.sluice.translate.VersionCluster;
import dev.sluice.translate.VersionCounts;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One look at instances and proxies, for many rollouts. One thread uses it, once. */
final class Observer {
  private final RolloutFacts stages;
  private final Instant now;
  private final Set<DocumentKey> heldBack;
  private @Nullable ProxyLook proxies;

  Observer(RolloutFacts stages, Instant now) {
    this.stages = stages;
    this.now = now;
    this.heldBack = HeldBack.keys(stages.pipeline().heldBack());
  }

  /** What a rollout is to know; without a measurement. */
  Facts facts(DocumentKey policy, Measured measured) {
    return new Facts(now, versions(policy), Optional.of(confirmation(policy)), measured);
  }

  SortedMap<String, Readiness> versions(DocumentKey policy) {
    SortedMap<String, Readiness> versions = new TreeMap<>();
    if (!(scope(policy) instanceof Scope.OfPort port)) {
      return versions;
    }
    Service service = index().services().get(port.service());
    for (EffectivePolicy effective : index().policies(port.service())) {
      if (service != null && effective.port().number() == port.port()) {
        VersionCounts.of(service, effective)
            .forEach(
                (name, counts) ->
                    versions.put(name, new Readiness(counts.ready(), counts.total())));
      }
    }
    return versions;
  }

  /**
   * That of now: of many that go on together the last is not to have a version's death of before.
   */
  private PolicyIndex index() {
    return stages.pipeline().index();
  }

  /** Of the edition that is in force, whatever became of an edit; null during a rollback. */
  private @Nullable Scope scope(DocumentKey policy) {
    return heldBack.contains(policy) ? null : index().scope(policy).orElse(null);
  }

  /**
   * Who is called where requests are for a version.
   *
   * @param service whose version it is
   * @param cluster its Cluster
   */
  record Called(ServiceId service, VersionCluster cluster) {}

  /** That of a version; empty while the policy is attached to nothing. */
  Optional<Called> called(DocumentKey policy, String version) {
    if (!(scope(policy) instanceof Scope.OfPort port)) {
      return Optional.empty();
    }
    return index().policies(port.service()).stream()
        .filter(effective -> effective.port().number() == port.port())
        .findFirst()
        .map(it -> new Called(port.service(), VersionCluster.of(it, version)));
  }

  /** How proxies are with what the policy makes now; they are looked at once it is asked. */
  Confirmation confirmation(DocumentKey policy) {
    ProxyLook looked = proxies;
    if (looked == null) {
      looked = new ProxyLook(stages);
      proxies = looked;
    }
    return looked.of(policy);
  }
}
