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
 * @param steps each with more for {@code to} than the one before; what the last leaves goes over
 *     after it
 * @param maxShareOfReady how much an instance of {@code to} may have to carry, in percent of what
 *     one of {@code from} carries while that has all of the traffic, at least 1; a step waits for
 *     as many ready instances as it takes; null for 200
 * @param analysis what is measured while steps are held; null for nothing
 * @param onFailure what follows from a failed analysis; null for {@code rollback}
 */
public record Canary(
    @Required String from,
    @Required String to,
    List<Step> steps,
    @Nullable Integer maxShareOfReady,
    @Nullable Analysis analysis,
    @Nullable OnFailure onFailure) {
  public Canary {
    Objects.requireNonNull(from);
    Objects.requireNonNull(to);
    steps = List.copyOf(steps);
  }

  /**
   * {@code spec.rollout.canary.steps[]}: either a weight or instances.
   *
   * @param weight the share of {@code to}, 0 to 100
   * @param instances of {@code to} that take part beside all of {@code from}, each with an equal
   *     share; all of them take over all of the traffic
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
