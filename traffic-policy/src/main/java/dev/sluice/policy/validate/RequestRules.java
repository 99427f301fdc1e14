package dev.sluice.policy.validate;

import dev.sluice.spec.Degrade;
import dev.sluice.spec.Mirror;
import dev.sluice.spec.Route;
import dev.sluice.spec.TrafficPolicySpec;
import java.util.List;
import java.util.Objects;

/** The sections that a service and each of its routes may give, beside their resilience. */
final class RequestRules {
  private static final int DEGRADED_STATUS = 503;

  private final At spec;
  private final TrafficPolicySpec policy;

  private RequestRules(At spec, TrafficPolicySpec policy) {
    this.spec = spec;
    this.policy = policy;
  }

  /** Those of the service. */
  static void check(At spec, TrafficPolicySpec policy) {
    RequestRules rules = new RequestRules(spec, policy);
    if (policy.mirror() != null) {
      rules.mirror(spec.key("mirror"), policy.mirror());
    }
    if (policy.degrade() != null) {
      degrade(spec.key("degrade"), policy.degrade());
    }
  }

  /** Those of a route, which may give a part of what the service gives. */
  static void route(At spec, TrafficPolicySpec policy, At at, Route route) {
    RequestRules rules = new RequestRules(spec, policy);
    Mirror mirror = route.mirror();
    if (mirror != null) {
      boolean target = mirror.version() != null || mirror.service() != null;
      if (target || policy.mirror() == null) {
        rules.mirror(at.key("mirror"), mirror);
      }
    }
  }

  private void mirror(At at, Mirror mirror) {
    if (!at.legible()
        || !OneOf.exactlyOne(
            at,
            List.of("version", "service"),
            mirror.version() != null,
            mirror.service() != null)) {
      return;
    }
    if (mirror.service() != null) {
      Names.service(at.key("service"), mirror.service());
    } else if (mirror.version() != null && spec.key("versions").legible()) {
      VersionNames.of(policy.versions()).known(at.key("version"), mirror.version());
    }
  }

  private static void degrade(At at, Degrade degrade) {
    at.within("status", degrade.status(), 200, 599);
    int status = Objects.requireNonNullElse(degrade.status(), DEGRADED_STATUS);
    RouteActionRules.answer(at, status, degrade.body());
  }
}
