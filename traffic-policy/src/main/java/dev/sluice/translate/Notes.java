package dev.sluice.translate;

import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;

/** What translation has to tell the owners of services. */
final class Notes {
  private Notes() {}

  /** A warning at the document that has the last say, or at the service where there is none. */
  static Problem warning(EffectivePolicy policy, String path, String message) {
    if (policy.attributions().isEmpty()) {
      return Problem.warning(Location.ofFile("service " + policy.service()), "$", message);
    }
    Location location = policy.attributions().getFirst().location();
    return Problem.warning(location, path, message);
  }
}
