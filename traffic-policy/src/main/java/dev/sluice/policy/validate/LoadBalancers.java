package dev.sluice.policy.validate;

import dev.sluice.spec.LoadBalancer;
import org.jspecify.annotations.Nullable;

/** {@code loadBalancer}. */
final class LoadBalancers {
  private LoadBalancers() {}

  /** Its type, or the default. */
  static LoadBalancer.Type type(@Nullable LoadBalancer given) {
    return given == null || given.type() == null ? LoadBalancer.Type.LEAST_REQUEST : given.type();
  }

  /**
   * Checks one section.
   *
   * @param base the section that it is merged over, if any
   */
  static void check(At at, LoadBalancer given, @Nullable LoadBalancer base) {
    at.within("choices", given.choices(), 2, 100);
    LoadBalancer.Type type = given.type() == null ? type(base) : given.type();
    if (given.choices() != null && type != LoadBalancer.Type.LEAST_REQUEST && at.legible()) {
      at.key("choices").error("only LeastRequest has choices, not " + type + "; remove it");
    }
  }
}
