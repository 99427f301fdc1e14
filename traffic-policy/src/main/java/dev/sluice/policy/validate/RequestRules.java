package dev.sluice.policy.validate;

import dev.sluice.catalog.Protocol;
import dev.sluice.spec.Degrade;
import dev.sluice.spec.Limits;
import dev.sluice.spec.Mirror;
import dev.sluice.spec.Route;
import dev.sluice.spec.TrafficPolicySpec;
import dev.sluice.spec.Upgrade;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
    if (policy.fault() != null) {
      FaultRules.check(spec.key("fault"), policy.fault(), null);
    }
    if (policy.rateLimit() != null) {
      RateLimitRules.check(spec.key("rateLimit"), policy.rateLimit());
    }
    rules.kinds(spec, policy.limits(), policy.upgrade());
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
    if (route.fault() != null) {
      FaultRules.check(at.key("fault"), route.fault(), policy.fault());
    }
    if (route.rateLimit() != null) {
      RateLimitRules.route(at.key("rateLimit"), route.rateLimit(), policy.rateLimit());
    }
    if (route.limits() != null || !route.upgrade().isEmpty()) {
      rules.kinds(
          at,
          route.limits() == null ? policy.limits() : route.limits(),
          route.upgrade().isEmpty() ? policy.upgrade() : route.upgrade());
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

  /** What excludes each other, or the protocol. */
  private void kinds(At at, @Nullable Limits limits, List<Upgrade> upgrades) {
    Names.unique(at.key("upgrade"), upgrades, RequestRules::word, "", "upgrade");
    Protocol protocol = policy.protocol();
    if (!upgrades.isEmpty() && protocol != null && protocol != Protocol.HTTP) {
      at.key("upgrade").error("needs protocol http, not " + word(protocol) + "; remove it");
    }
    boolean limited =
        limits != null && limits.requestBody() != null && limits.requestBody().bytes() > 0;
    if (!limited) {
      return;
    }
    At body = at.key("limits").key("requestBody");
    At where = body.isGiven() ? body : at.key("upgrade");
    if (!upgrades.isEmpty()) {
      where.error(
          "requestBody and upgrade exclude each other: a body is read whole to be measured, and an"
              + " upgraded connection has no end; keep one of them");
    } else if (protocol == Protocol.GRPC) {
      where.error(
          "a body is read whole to be measured, which a gRPC stream cannot wait for; remove it");
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
