package dev.sluice.policy.validate;

import dev.sluice.spec.Canary;
import dev.sluice.spec.Canary.Step;
import dev.sluice.spec.InstanceShare;
import dev.sluice.spec.Percent;
import dev.sluice.spec.TrafficPolicySpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code spec.rollout.canary}. */
final class CanaryRules {
  private static final int MOST_STEPS = 64;
  private static final int MOST_SHARE = 10_000;

  private CanaryRules() {}

  static void check(At spec, TrafficPolicySpec policy, Canary canary) {
    At at = spec.key("rollout").key("canary");
    RolloutRules.version(spec, policy, at.key("from"), canary.from());
    if (canary.to().equals(canary.from())) {
      at.key("to")
          .error("\"" + canary.to() + "\" is from too; name the version that comes after it");
    } else {
      RolloutRules.version(spec, policy, at.key("to"), canary.to());
    }
    steps(at.key("steps"), canary.steps());
    at.within("maxShareOfReady", canary.maxShareOfReady(), 1, MOST_SHARE);
    if (canary.analysis() != null) {
      AnalysisRules.check(at.key("analysis"), canary.analysis());
    }
  }

  private static void steps(At at, List<Step> steps) {
    if (!at.legible()) {
      return;
    }
    if (steps.isEmpty()) {
      at.error("a canary needs steps; write such as [{weight: 10, hold: 5m}, {weight: 50}]");
    }
    if (steps.size() > MOST_STEPS) {
      at.error("has %d steps; the most is %d".formatted(steps.size(), MOST_STEPS));
    }
    boolean told = true;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      told &=
          OneOf.exactlyOne(
              at.index(i),
              List.of("weight", "instances"),
              step.weight() != null,
              step.instances() != null);
    }
    if (told && !areMixed(at, steps)) {
      for (int i = 1; i < steps.size(); i++) {
        rises(at.index(i), steps.get(i - 1), steps.get(i));
      }
    }
  }

  /** Whether there are steps of both kinds, which is told once. */
  private static boolean areMixed(At at, List<Step> steps) {
    for (int i = 1; i < steps.size(); i++) {
      boolean byWeight = steps.get(i).weight() != null;
      if (byWeight != (steps.getFirst().weight() != null)) {
        at.index(i)
            .key(byWeight ? "weight" : "instances")
            .error(
                "the first step is by %s; write all of them by weight, or all by instances"
                    .formatted(byWeight ? "instances" : "weight"));
        return true;
      }
    }
    return false;
  }

  private static void rises(At at, Step before, Step step) {
    Percent weight = step.weight();
    Percent weightBefore = before.weight();
    if (weight != null && weightBefore != null) {
      if (weight.millionths() <= weightBefore.millionths()) {
        at.key("weight")
            .error(weight + " is not more than " + weightBefore + ", the step before; correct it");
      }
    } else if (step.instances() != null && before.instances() != null) {
      String wrong = notMore(before.instances(), step.instances());
      if (wrong != null) {
        at.key("instances").error(wrong);
      }
    }
  }

  /**
   * What is wrong with a step by instances after another one. How many ready ones a percentage
   * means is not known beforehand, but that it is one at least, and all of them at most.
   */
  private static @Nullable String notMore(InstanceShare before, InstanceShare step) {
    if (before.isPercent() && !step.isPercent()) {
      return "%s may be fewer than %s, the step before; write a percentage".formatted(step, before);
    }
    if (before.isPercent() == step.isPercent()) {
      return step.number() > before.number()
          ? null
          : step + " is not more than " + before + ", the step before; correct it";
    }
    return before.number() == 1 || step.equals(InstanceShare.ALL)
        ? null
        : "%s may be fewer than %s, the step before; write a number, or 100%%"
            .formatted(step, before);
  }
}
