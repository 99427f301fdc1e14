package dev.sluice.server.admin;

import dev.sluice.node.NodeGroup;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.status.DocumentProgress;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.server.xds.Quarantined;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the stages know of documents; each part is read anew for every request, from any thread.
 *
 * @param told the documents, once all that they make is in the snapshots
 * @param progress how many proxies have acknowledged each; may be of a moment ago
 * @param quarantine what proxies refused, and others are therefore not given
 * @param proxies every connected proxy
 * @param snapshots the newest snapshot of a group
 */
public record DocumentFacts(
    Supplier<CompletableFuture<Told>> told,
    Supplier<DocumentProgress> progress,
    Supplier<List<Quarantined>> quarantine,
    Supplier<List<NodeStatus>> proxies,
    Function<NodeGroup, Optional<Snapshot>> snapshots) {
  public DocumentFacts {
    Objects.requireNonNull(told);
    Objects.requireNonNull(progress);
    Objects.requireNonNull(quarantine);
    Objects.requireNonNull(proxies);
    Objects.requireNonNull(snapshots);
  }

  /**
   * The documents at one moment.
   *
   * @param newest as their sources told them last, those too that are not in force
   * @param inForce of one whose edit was set aside the edition before it
   * @param statuses what became of those that can conflict
   * @param index what holds for each service
   */
  public record Told(
      Documents newest,
      Documents inForce,
      SortedMap<DocumentKey, PolicyStatus> statuses,
      PolicyIndex index) {
    public Told {
      Objects.requireNonNull(newest);
      Objects.requireNonNull(inForce);
      Objects.requireNonNull(statuses);
      Objects.requireNonNull(index);
    }
  }
}
