package dev.sluice.server.overrides;

import dev.sluice.node.NodeGroup;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.spec.Documents;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the stages know; each part is read anew for every request, from any thread.
 *
 * @param synced whether every source has told all it knew
 * @param image what each source says
 * @param index what holds for each service
 * @param published the documents from which the snapshots were made that are out by now
 * @param proxies every connected proxy
 * @param snapshots the newest snapshot of a group
 */
public record OverrideFacts(
    BooleanSupplier synced,
    Supplier<CatalogImage> image,
    Supplier<PolicyIndex> index,
    Supplier<CompletableFuture<Documents>> published,
    Supplier<List<NodeStatus>> proxies,
    Function<NodeGroup, Optional<Snapshot>> snapshots) {
  public OverrideFacts {
    Objects.requireNonNull(synced);
    Objects.requireNonNull(image);
    Objects.requireNonNull(index);
    Objects.requireNonNull(published);
    Objects.requireNonNull(proxies);
    Objects.requireNonNull(snapshots);
  }
}
