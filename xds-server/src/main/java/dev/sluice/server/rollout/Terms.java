package dev.sluice.server.rollout;

import dev.sluice.spec.BlueGreen;
import dev.sluice.spec.Canary;
import dev.sluice.spec.Percent;
import dev.sluice.spec.Rollout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a section says, with what holds where it says nothing.
 *
 * @param target what it is to come to
 * @param steps of a canary, each with more than the one before, the last with all; empty for a flip
 * @param maxShareOfReady what an instance may have to carry, in percent of what one carried before
 * @param onFailure what follows from a failure
 * @param gate of a flip
 * @param keepStandby how long the version before a flip is kept at hand
 * @param silentAfter how long a proxy may take
 * @param onSilent what becomes of a step while one takes longer
 */
record Terms(
    Target target,
    List<Step> steps,
    int maxShareOfReady,
    Canary.OnFailure onFailure,
    Gate gate,
    Duration keepStandby,
    Duration silentAfter,
    Rollout.OnSilent onSilent) {
  private static final int MAX_SHARE_OF_READY = 200;
  private static final Duration KEEP_STANDBY = Duration.ofMinutes(30);
  private static final Duration SILENT_AFTER = Duration.ofMinutes(1);
  private static final Gate GATE =
      new Gate(1, Percent.ALL, Duration.ofSeconds(10), Duration.ofMinutes(5));

  Terms {
    steps = List.copyOf(steps);
  }

  /**
   * What has to hold before a flip.
   *
   * @param minReady so many instances
   * @param minReadyPercent so many of all
   * @param stableFor for how long
   * @param timeout in which time
   */
  record Gate(int minReady, Percent minReadyPercent, Duration stableFor, Duration timeout) {
    /** Whether these instances are enough. */
    boolean isMetBy(Readiness instances) {
      return instances.ready() >= minReady
          && (long) instances.ready() * Shares.WHOLE
              >= (long) instances.total() * minReadyPercent.millionths();
    }
  }

  static Terms of(Rollout rollout) {
    @Nullable Canary canary = rollout.canary();
    @Nullable BlueGreen blueGreen = rollout.blueGreen();
    return new Terms(
        Target.of(rollout),
        canary == null ? List.of() : steps(canary),
        canary == null ? MAX_SHARE_OF_READY : or(canary.maxShareOfReady(), MAX_SHARE_OF_READY),
        canary == null
            ? Canary.OnFailure.ROLLBACK
            : or(canary.onFailure(), Canary.OnFailure.ROLLBACK),
        blueGreen == null ? GATE : gate(blueGreen.gate()),
        blueGreen == null ? KEEP_STANDBY : or(blueGreen.keepStandby(), KEEP_STANDBY),
        or(rollout.silentAfter(), SILENT_AFTER),
        or(rollout.onSilent(), Rollout.OnSilent.EXCEPT));
  }

  private static List<Step> steps(Canary canary) {
    List<Step> steps =
        new ArrayList<>(
            canary.steps().stream()
                .filter(step -> step.weight() != null)
                .map(
                    step ->
                        new Step(
                            Objects.requireNonNull(step.weight()).millionths(),
                            or(step.hold(), Duration.ZERO),
                            or(step.approve(), Canary.Approve.AUTO)))
                .toList());
    if (steps.isEmpty() || steps.getLast().share() < Shares.WHOLE) {
      steps.add(Step.of(Shares.WHOLE));
    }
    return steps;
  }

  private static Gate gate(BlueGreen.@Nullable Gate gate) {
    return gate == null
        ? GATE
        : new Gate(
            or(gate.minReady(), GATE.minReady()),
            or(gate.minReadyPercent(), GATE.minReadyPercent()),
            or(gate.stableFor(), GATE.stableFor()),
            or(gate.timeout(), GATE.timeout()));
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }

  /** The first step that has more than {@code share}. */
  Step after(int share) {
    return steps.stream()
        .filter(step -> step.share() > share)
        .findFirst()
        .orElse(Step.of(Shares.WHOLE));
  }

  /** The step that has just {@code share}; one that says nothing where an edit left none. */
  Step at(int share) {
    return steps.stream().filter(step -> step.share() == share).findFirst().orElse(Step.of(share));
  }

  /** The number of the step that has just {@code share}, from 1. */
  int number(int share) {
    return (int) Math.max(1, steps.stream().filter(step -> step.share() <= share).count());
  }

  /** How many ready instances the new version needs for {@code share}, at least one. */
  int needed(int share, Readiness of) {
    long carried = (long) share * of.ready() * 100;
    return (int) Math.max(1, Math.ceilDiv(carried, (long) maxShareOfReady * Shares.WHOLE));
  }
}
