package dev.sluice.translate;

import dev.sluice.catalog.Health;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.EffectiveOverride;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.problem.Problem;
import dev.sluice.spec.InstanceOverride.State;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Instances as people want them, whatever their source says. */
final class Overrides {
  private Overrides() {}

  /** Those of {@code instances} that are not out, as the policy's overrides have them. */
  static List<Instance> apply(List<Instance> instances, EffectivePolicy policy) {
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
    return left;
  }

  /** Those that are about no instance of any port. */
  static List<Problem> idle(Service service, List<EffectivePolicy> ports) {
    Set<EffectiveOverride> idle = new LinkedHashSet<>();
    ports.forEach(port -> idle.addAll(port.overrides()));
    if (idle.isEmpty()) {
      return List.of();
    }
    for (EffectivePolicy port : ports) {
      List<Instance> instances = Instance.asTold(service, port);
      idle.removeIf(
          override ->
              instances.stream().anyMatch(it -> override.isAbout(it.address(), it.labels())));
    }
    return idle.stream().map(override -> idle(override, service.id())).toList();
  }

  private static Problem idle(EffectiveOverride override, ServiceId service) {
    return Problem.warning(
        override.attribution().location(),
        "$.spec.match",
        "no instance of " + service + " is like this, so nothing is overridden");
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
