package dev.sluice.translate;

import dev.sluice.catalog.Health;
import dev.sluice.policy.attach.EffectiveOverride;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.problem.Problem;
import dev.sluice.spec.InstanceOverride.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Instances as people want them, whatever their source says. */
final class Overrides {
  private Overrides() {}

  /** Those of {@code instances} that are not out, as the policy's overrides have them. */
  static List<Instance> apply(
      List<Instance> instances, EffectivePolicy policy, List<Problem> problems) {
    List<EffectiveOverride> overrides = policy.overrides();
    if (overrides.isEmpty()) {
      return instances;
    }
    List<Instance> left = new ArrayList<>();
    for (Instance instance : instances) {
      List<EffectiveOverride> own =
          overrides.stream()
              .filter(override -> override.isAbout(instance.address(), instance.labels()))
              .toList();
      overridden(instance, own).ifPresent(left::add);
    }
    for (EffectiveOverride override : overrides) {
      if (instances.stream().noneMatch(it -> override.isAbout(it.address(), it.labels()))) {
        problems.add(
            Problem.warning(
                override.attribution().location(),
                "$.spec.match",
                "no instance of " + policy.service() + " is like this, so nothing is overridden"));
      }
    }
    return left;
  }

  private static Optional<Instance> overridden(Instance instance, List<EffectiveOverride> own) {
    OptionalInt weight =
        own.stream().map(EffectiveOverride::weight).flatMapToInt(OptionalInt::stream).findFirst();
    Instance weighted = weight.isPresent() ? instance.withWeight(weight.getAsInt()) : instance;
    Optional<State> first =
        own.stream().map(EffectiveOverride::state).flatMap(Optional::stream).sorted().findFirst();
    if (first.isEmpty()) {
      return Optional.of(weighted);
    }
    return switch (first.get()) {
      case OUT -> Optional.empty();
      case DRAIN -> Optional.of(weighted.withHealth(Health.DRAINING));
      case IN -> Optional.of(weighted.withHealth(Health.HEALTHY));
    };
  }
}
