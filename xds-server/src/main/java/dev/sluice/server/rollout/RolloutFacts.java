package dev.sluice.server.rollout;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.pipeline.Pipeline;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.status.ShapedResources;
import dev.sluice.server.xds.ConfigCanary;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.server.xds.Withheld;
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
 * @param withheld what of these proxies refused, so that it is not served
 * @param canaries changed configurations that some proxies have before the others
 * @param metrics is told of what is done
 * @param shaped what documents shaped, from one look to the next
 */
public record RolloutFacts(
    Pipeline pipeline,
    Executor writer,
    Supplier<List<NodeStatus>> proxies,
    Function<NodeGroup, Optional<Snapshot>> snapshots,
    Supplier<List<Withheld>> withheld,
    Supplier<List<ConfigCanary>> canaries,
    RolloutMetrics metrics,
    ShapedResources shaped) {
  public RolloutFacts {
    Objects.requireNonNull(pipeline);
    Objects.requireNonNull(writer);
    Objects.requireNonNull(proxies);
    Objects.requireNonNull(snapshots);
    Objects.requireNonNull(withheld);
    Objects.requireNonNull(canaries);
    Objects.requireNonNull(metrics);
    Objects.requireNonNull(shaped);
  }

  /** Those of a server that begins. */
  public RolloutFacts(
      Pipeline pipeline,
      Executor writer,
      Supplier<List<NodeStatus>> proxies,
      Function<NodeGroup, Optional<Snapshot>> snapshots,
      Supplier<List<Withheld>> withheld,
      Supplier<List<ConfigCanary>> canaries,
      RolloutMetrics metrics) {
    this(pipeline, writer, proxies, snapshots, withheld, canaries, metrics, new ShapedResources());
  }

  /** Those where all that is published is served to all. */
  public RolloutFacts(
      Pipeline pipeline,
      Executor writer,
      Supplier<List<NodeStatus>> proxies,
      Function<NodeGroup, Optional<Snapshot>> snapshots,
      RolloutMetrics metrics) {
    this(pipeline, writer, proxies, snapshots, List::of, List::of, metrics);
  }
}
