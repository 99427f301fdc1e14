package dev.sluice.spec;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.rollout.canary}: the traffic of one version goes to another in steps.
 *
 * @param from the version that has the traffic
 * @param to the version that is to have it
 * @param steps not empty, at most 64, all by weight or all by instances, each with more for {@code
 *     to} than the one before; what the last leaves goes over after it
 * @param maxShareOfReady how much an instance of {@code to} may have to carry, in percent of what
 *     one of {@code from} carries while that has all of the traffic, 1 to 10,000; a step waits for
 *     as many ready instances as it takes; null for 200
 * @param analysis what is measured while steps are held; null for nothing
 * @param onFailure what follows from a failed analysis; null for {@code rollback}
 */
public record Canary(
    @Required String from,
    @Required String to,
    @Required List<Step> steps,
    @Nullable Integer maxShareOfReady,
    @Nullable Analysis analysis,
    @Nullable OnFailure onFailure) {
  public Canary {
    Objects.requireNonNull(from);
    Objects.requireNonNull(to);
    steps = List.copyOf(steps);
  }

  /**
   * {@code spec.rollout.canary.steps[]}: one of {@code weight} and {@code instances} is given.
   *
   * @param weight the share of {@code to} in percent, 0 to 100; 0 only in the first step
   * @param instances so many of {@code to}, such as {@code 1} or {@code 25%} of those ready, take
   *     part beside all of {@code from}, each with an equal share; {@code 100%} take over all of
   *     the traffic
   * @param hold how long the step lasts once every proxy has it; null for 0s
   * @param approve whether somebody has to say so before the next step; null for {@code auto}
   */
  public record Step(
      @Nullable Percent weight,
      @Nullable InstanceShare instances,
      @Nullable Duration hold,
      @Nullable Approve approve) {}

  /** Who lets a step go on to the next one. */
  public enum Approve {
    /** Its hold, and the analysis. */
    AUTO,
    /** After these, {@code sluice rollout promote}. */
    MANUAL
  }

  /** What follows from a failed analysis. */
  public enum OnFailure {
    /** All of the traffic goes back to {@code from}. */
    ROLLBACK,
    /** The step stays until somebody decides. */
    PAUSE
  }
}
