package dev.sluice.server.rollout;

import dev.sluice.node.NodeGroup;
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
 * The stages that rollouts work with.
 *
 * @param pipeline where shares are put in force
 * @param writer runs a task on the catalog writer's thread
 * @param proxies every connected proxy
 * @param snapshots the newest snapshot of a group
 * @param metrics is told of what is done
 */
public record RolloutFacts(
    Pipeline pipeline,
    Executor writer,
    Supplier<List<NodeStatus>> proxies,
    Function<NodeGroup, Optional<Snapshot>> snapshots,
    RolloutMetrics metrics) {
  public RolloutFacts {
    Objects.requireNonNull(pipeline);
    Objects.requireNonNull(writer);
    Objects.requireNonNull(proxies);
    Objects.requireNonNull(snapshots);
    Objects.requireNonNull(metrics);
  }
}
