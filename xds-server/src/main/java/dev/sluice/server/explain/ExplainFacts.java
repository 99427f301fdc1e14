package dev.sluice.server.explain;

import dev.sluice.node.NodeGroup;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.spec.Documents;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the stages know, for explanations: each part is read anew for every one, from any thread.
 *
 * @param proxies every proxy that is connected
 * @param published the newest that there is for a group
 * @param earlier what the proxies of a group were served lately, the newest first
 * @param index all services, and what holds for calls to them
 * @param documents those in force
 */
public record ExplainFacts(
    Supplier<List<ProxyStatus>> proxies,
    Function<NodeGroup, Optional<Snapshot>> published,
    Function<NodeGroup, List<Snapshot>> earlier,
    Supplier<PolicyIndex> index,
    Supplier<Documents> documents) {
  public ExplainFacts {
    Objects.requireNonNull(proxies);
    Objects.requireNonNull(published);
    Objects.requireNonNull(earlier);
    Objects.requireNonNull(index);
    Objects.requireNonNull(documents);
  }
}
