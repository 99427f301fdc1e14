package dev.sluice.policy.validate;

import dev.sluice.spec.HealthCheck;
import dev.sluice.spec.HealthCheck.Active;
import dev.sluice.spec.HealthCheck.Http;
import dev.sluice.spec.HealthCheck.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code health}. */
final class HealthRules {
  private HealthRules() {}

  /**
   * Checks one section.
   *
   * @param base the section that it is merged over, if any
   */
  static void check(At at, HealthCheck given, @Nullable HealthCheck base) {
    Active active = given.active();
    Active lower = base == null ? null : base.active();
    if (active != null) {
      active(at.key("active"), active, lower);
    }
    if (!at.legible()) {
      return;
    }
    Source below = base == null || base.source() == null ? Source.READINESS : base.source();
    Source source = given.source() == null ? below : given.source();
    if (source.asks() && active == null && lower == null) {
      at.key("source")
          .error(
              source.name().toLowerCase(Locale.ROOT)
                  + " needs active: what the instances are asked; write such as"
                  + " active: {http: {path: /healthz}}");
    }
    if (!source.asks() && active != null) {
      at.key("active")
          .error(
              "with source readiness"
                  + (at.key("source").isGiven() ? "" : ", the default,")
                  + " the instances are not asked; write source: active or both, or remove it");
    }
  }

  private static void active(At at, Active given, @Nullable Active base) {
    kinds(at, given, base);
    at.positive("interval", given.interval());
    at.positive("timeout", given.timeout());
    at.atLeast("unhealthyThreshold", given.unhealthyThreshold(), 1);
    at.atLeast("healthyThreshold", given.healthyThreshold(), 1);
    at.within("port", given.port(), 1, 65_535);
    Http http = given.http();
    if (http != null) {
      http(at.key("http"), http);
    }
  }

  /** One kind; none only where a version's checks differ from its service's in something else. */
  private static void kinds(At at, Active given, @Nullable Active base) {
    List<String> kinds = new ArrayList<>();
    if (given.http() != null) {
      kinds.add("http");
    }
    if (given.grpc() != null) {
      kinds.add("grpc");
    }
    if (given.tcp() != null) {
      kinds.add("tcp");
    }
    if (!at.legible()) {
      return;
    }
    if (kinds.size() > 1) {
      at.error("has " + String.join(" and ", kinds) + "; an instance is asked in one way only");
    } else if (kinds.isEmpty() && base == null) {
      at.error("needs one of http, grpc, tcp; write such as http: {path: /healthz}");
    }
  }

  private static void http(At at, Http http) {
    if (!http.path().startsWith("/")) {
      at.key("path").error("\"" + http.path() + "\" does not begin with /");
    }
    if (http.host() != null
        && (http.host().isEmpty() || http.host().chars().anyMatch(HealthRules::isBlank))) {
      at.key("host").error("\"" + http.host() + "\" is not a host; write such as orders.shop");
    }
    for (int i = 0; i < http.expect().size(); i++) {
      int status = http.expect().get(i);
      if (status < 100 || status > 599) {
        at.key("expect").index(i).error(status + " is not a status, 100..599");
      }
    }
  }

  private static boolean isBlank(int character) {
    return Character.isWhitespace(character) || Character.isISOControl(character);
  }
}
