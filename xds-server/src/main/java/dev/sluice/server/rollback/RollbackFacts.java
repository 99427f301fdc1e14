package dev.sluice.server.rollback;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.diff.Diffs;
import dev.sluice.server.history.History;
import dev.sluice.server.pipeline.Later;
import dev.sluice.server.pipeline.Pipeline;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.xds.NodeStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The stages that a rollback works with.
 *
 * @param pipeline what it pins documents in
 * @param writer runs a task on the catalog writer's thread
 * @param later runs a task there at a time
 * @param history what was in force
 * @param diffs what would change
 * @param proxies every connected proxy
 * @param snapshots the newest snapshot of a group
 */
public record RollbackFacts(
    Pipeline pipeline,
    Executor writer,
    Later later,
    History history,
    Diffs diffs,
    Supplier<List<NodeStatus>> proxies,
    Function<NodeGroup, Optional<Snapshot>> snapshots) {
  public RollbackFacts {
    Objects.requireNonNull(pipeline);
    Objects.requireNonNull(writer);
    Objects.requireNonNull(later);
    Objects.requireNonNull(history);
    Objects.requireNonNull(diffs);
    Objects.requireNonNull(proxies);
    Objects.requireNonNull(snapshots);
  }
}
