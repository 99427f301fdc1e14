package dev.sluice.server.admin;

import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.problem.Problem;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.explain.Explain;
import dev.sluice.server.load.Load;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.xds.ConfigCanary;
import dev.sluice.server.xds.Departed;
import dev.sluice.server.xds.Quarantined;
import dev.sluice.source.SourceStatus;
import dev.sluice.spec.DocumentKey;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the admin API shows: each part is read anew for every request, from any thread, and must
 * answer at once.
 *
 * @param proxies every proxy that is connected, sorted by id
 * @param departed proxies that left a while ago and have not come back
 * @param image all services, and what each source says of them
 * @param policies what became of each TrafficPolicy
 * @param sources every source that is configured, whether it has told anything or not
 * @param problems what is wrong with documents that could be read
 * @param quarantine what proxies refused, and others are therefore not given
 * @param canaries changed configurations that some proxies have before the others
 * @param history the last revisions, the newest last
 * @param rateLimits the configurations of rate-limit services by their domains, in YAML
 * @param stopping whether the server is about to end
 * @param load what proxies reported of their load
 * @param explain tells what would become of requests
 */
public record AdminViews(
    Supplier<List<ProxyStatus>> proxies,
    Supplier<List<Departed>> departed,
    Supplier<CatalogImage> image,
    Supplier<SortedMap<DocumentKey, PolicyStatus>> policies,
    Supplier<List<SourceStatus>> sources,
    Supplier<List<Problem>> problems,
    Supplier<List<Quarantined>> quarantine,
    Supplier<List<ConfigCanary>> canaries,
    Supplier<List<Revision>> history,
    Supplier<SortedMap<String, String>> rateLimits,
    BooleanSupplier stopping,
    Supplier<Load> load,
    Explain explain) {
  public AdminViews {
    Objects.requireNonNull(proxies);
    Objects.requireNonNull(departed);
    Objects.requireNonNull(image);
    Objects.requireNonNull(policies);
    Objects.requireNonNull(sources);
    Objects.requireNonNull(problems);
    Objects.requireNonNull(quarantine);
    Objects.requireNonNull(canaries);
    Objects.requireNonNull(history);
    Objects.requireNonNull(rateLimits);
    Objects.requireNonNull(stopping);
    Objects.requireNonNull(load);
    Objects.requireNonNull(explain);
  }
}
