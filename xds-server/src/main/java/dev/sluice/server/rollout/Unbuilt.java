package dev.sluice.server.rollout;

import dev.sluice.spec.Canary;
import dev.sluice.spec.Rollout;
import java.util.Optional;

/** What a section may say and no rollout does yet: it is told, and no traffic moves. */
final class Unbuilt {
  private Unbuilt() {}

  static Optional<String> in(Rollout section) {
    Canary canary = section.canary();
    if (canary == null) {
      return Optional.empty();
    }
    return canary.steps().stream().anyMatch(step -> step.instances() != null)
        ? Optional.of("steps by instances are not built yet, so no traffic moves; write weights")
        : Optional.empty();
  }
}
