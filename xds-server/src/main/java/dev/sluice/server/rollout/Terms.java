package dev.sluice.server.rollout;

import dev.sluice.spec.BlueGreen;
import dev.sluice.spec.Canary;
import dev.sluice.spec.InstanceShare;
import dev.sluice.spec.Percent;
import dev.sluice.spec.Rollout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
    List<Step> steps = new ArrayList<>(canary.steps().stream().map(Terms::step).toList());
    if (steps.isEmpty()) {
      steps.add(Step.of(new Size.OfTraffic(Shares.WHOLE)));
    } else if (!steps.getLast().size().isWhole()) {
      steps.add(
          Step.of(
              switch (steps.getLast().size()) {
                case Size.OfTraffic _ -> new Size.OfTraffic(Shares.WHOLE);
                case Size.OfInstances _ -> new Size.OfInstances(InstanceShare.ALL);
              }));
    }
    return steps;
  }

  private static Step step(Canary.Step step) {
    InstanceShare instances = step.instances();
    return new Step(
        instances == null
            ? new Size.OfTraffic(Objects.requireNonNull(step.weight()).millionths())
            : new Size.OfInstances(instances),
        or(step.hold(), Duration.ZERO),
        or(step.approve(), Canary.Approve.AUTO));
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

  /**
   * The first step after those that are reached by which the new version has no less than now; the
   * last where there is none.
   */
  Step after(Shares shares, Readiness from, Readiness to) {
    return steps.stream()
        .skip(reached(shares))
        .filter(step -> shares(step, from, to).of(target.to()) >= shares.of(target.to()))
        .findFirst()
        .orElseGet(steps::getLast);
  }

  /** Whether the first step is one of nothing, in which only routes reach the new version. */
  boolean beginsAtNothing() {
    return !steps.isEmpty() && steps.getFirst().size().equals(new Size.OfTraffic(0));
  }

  /** Whether a step but the last one goes just so far, also one of nothing. */
  boolean hasStepOf(Shares shares) {
    return !shares.isWholly(target.to())
        && steps.stream().anyMatch(step -> isAt(step.size(), shares));
  }

  /**
   * The step that goes just so far; where an edit left none, the last one that goes less far, and
   * one that says nothing where all go further.
   */
  Step at(Shares shares) {
    return steps.stream()
        .filter(step -> isAt(step.size(), shares))
        .findFirst()
        .or(() -> steps.stream().limit(reached(shares)).reduce((_, last) -> last))
        .orElseGet(() -> Step.of(new Size.OfTraffic(shares.of(target.to()))));
  }

  private boolean isAt(Size size, Shares shares) {
    return switch (size) {
      case Size.OfTraffic(int share) -> shares.part().isEmpty() && share == shares.of(target.to());
      case Size.OfInstances(InstanceShare instances) ->
          shares.isWholly(target.to())
              ? size.isWhole()
              : partOf(shares).filter(it -> it.step().equals(instances)).isPresent();
    };
  }

  /** How many steps are behind it, with the one that it is at. */
  int reached(Shares shares) {
    return (int) steps.stream().filter(step -> isReached(step.size(), shares)).count();
  }

  private Optional<Part> partOf(Shares shares) {
    return shares.part().filter(part -> part.version().equals(target.to()));
  }

  /** Numbers of instances come before percentages. */
  private boolean isReached(Size size, Shares shares) {
    if (shares.isWholly(target.to())) {
      return true;
    }
    return switch (size) {
      case Size.OfTraffic(int share) -> share <= shares.of(target.to());
      case Size.OfInstances own ->
          partOf(shares)
              .filter(
                  it ->
                      own.isWithin(it.step())
                          || (it.step().isPercent() && !own.instances().isPercent()))
              .isPresent();
    };
  }

  /** What a step comes to among these instances. */
  Shares shares(Step step, Readiness from, Readiness to) {
    if (step.size().isWhole()) {
      return Shares.of(target.from(), target.to(), Shares.WHOLE);
    }
    return switch (step.size()) {
      case Size.OfTraffic(int share) -> Shares.of(target.from(), target.to(), share);
      case Size.OfInstances(InstanceShare instances) -> {
        int count = Math.max(1, instances.of(to.ready()));
        yield Shares.of(target.from(), from.ready(), new Part(target.to(), instances, count));
      }
    };
  }

  /**
   * How many ready instances the new version needs for a step, at least one. The old one's count
   * that are not ready for the moment too, so that a dip does not have few instances carry much.
   */
  int needed(Step step, Readiness from) {
    if (step.size() instanceof Size.OfInstances(InstanceShare instances)
        && !step.size().isWhole()) {
      return instances.isPercent() ? 1 : instances.number();
    }
    int share = step.size() instanceof Size.OfTraffic(int given) ? given : Shares.WHOLE;
    long carried = (long) share * Math.max(from.ready(), from.total()) * 100;
    return (int) Math.max(1, Math.ceilDiv(carried, (long) maxShareOfReady * Shares.WHOLE));
  }
}
