package dev.sluice.server.diff;

import dev.sluice.catalog.SourceName;
import dev.sluice.server.load.Load;
import dev.sluice.server.pipeline.Moment;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.server.xds.Quarantined;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the stages know; each part is read anew for every request, from any thread.
 *
 * @param synced whether every source has told all it knew
 * @param moment the pipeline as it is once it was told all that the sources told before
 * @param sources those that may hold documents
 * @param proxies every connected proxy
 * @param quarantine what proxies refused, and others are therefore not given
 * @param load what proxies reported of their load
 */
public record DiffFacts(
    BooleanSupplier synced,
    Supplier<CompletableFuture<Moment>> moment,
    List<SourceName> sources,
    Supplier<List<NodeStatus>> proxies,
    Supplier<List<Quarantined>> quarantine,
    Supplier<Load> load) {
  public DiffFacts {
    Objects.requireNonNull(synced);
    Objects.requireNonNull(moment);
    sources = List.copyOf(sources);
    Objects.requireNonNull(proxies);
    Objects.requireNonNull(quarantine);
    Objects.requireNonNull(load);
  }
}
