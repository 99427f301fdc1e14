package dev.sluice.policy.validate;

import dev.sluice.spec.Attach;
import dev.sluice.spec.Attach.GatewayRef;
import dev.sluice.spec.Split;
import dev.sluice.spec.Target;
import dev.sluice.spec.Telemetry;
import dev.sluice.spec.TrafficPolicy;
import dev.sluice.spec.TrafficPolicySpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A TrafficPolicy: its target, its attachment, and what its sections are about. */
final class PolicyRules {
  /** A dot would divide the name where tools cut statistics into labels. */
  private static final Pattern STATISTIC = Pattern.compile("[A-Za-z0-9_-]{1,60}");

  private PolicyRules() {}

  static void check(At at, TrafficPolicy policy) {
    TrafficPolicySpec spec = policy.spec();
    target(at.key("target"), spec.target());
    if (spec.target().service().equals(Target.EVERY_SERVICE)) {
      onlyResilience(at, spec);
    }
    if (spec.attach() != null) {
      attach(at.key("attach"), spec.attach(), policy.metadata().namespace());
    }
    VersionRules.check(at, spec);
    Split split = spec.split();
    if (split != null) {
      SplitRules.check(at, spec, split);
    }
    if (spec.rollout() != null) {
      RolloutRules.check(at, spec, spec.rollout());
    }
    RouteRules.check(at, spec);
    RequestRules.check(at, spec);
    if (spec.upstreamTls() != null) {
      UpstreamTlsRules.check(at.key("upstreamTLS"), spec.upstreamTls());
    }
    if (spec.telemetry() != null) {
      telemetry(at.key("telemetry"), spec.telemetry());
    }
    if (spec.envoy() != null) {
      EnvoyRules.check(at, spec, spec.envoy());
    }
    ResilienceRules.check(at, spec.resilience());
    LoadBalancers.hash(at, spec.loadBalancer(), spec.versions());
  }

  private static void target(At at, Target target) {
    At service = at.key("service");
    String name = target.service();
    if (!Names.isService(name) && !name.equals(Target.EVERY_SERVICE)) {
      service.error(
          "\"" + name + "\" is no service; write name, name.namespace, or \"*\" for every service");
    }
    at.within("port", target.port(), 1, 65_535);
    BackendRules.check(at.key("backends"), target.backends());
  }

  private static void telemetry(At at, Telemetry telemetry) {
    if (!at.legible()) {
      return;
    }
    String prefix = telemetry.statPrefix();
    if (prefix == null && telemetry.samplePercent() == null) {
      at.error("is empty; write statPrefix or samplePercent");
    } else if (prefix != null && !STATISTIC.matcher(prefix).matches()) {
      at.key("statPrefix")
          .error(
              "\"" + prefix + "\" does not name statistics; use up to 60 letters, digits, _ and -");
    }
  }

  private static void onlyResilience(At at, TrafficPolicySpec spec) {
    Map<String, Boolean> forOne = new LinkedHashMap<>();
    forOne.put("target.port", spec.target().port() != null);
    forOne.put("target.backends", !spec.target().backends().isEmpty());
    forOne.put("attach", spec.attach() != null);
    forOne.put("protocol", spec.protocol() != null);
    forOne.put("versions", !spec.versions().isEmpty());
    forOne.put("split", spec.split() != null);
    forOne.put("rollout", spec.rollout() != null);
    forOne.put("routes", !spec.routes().isEmpty());
    forOne.put("mirror", spec.mirror() != null);
    forOne.put("degrade", spec.degrade() != null);
    forOne.put("fault", spec.fault() != null);
    forOne.put("limits", spec.limits() != null);
    forOne.put("upgrade", !spec.upgrade().isEmpty());
    forOne.put("rateLimit", spec.rateLimit() != null);
    forOne.put("upstreamTLS", spec.upstreamTls() != null);
    forOne.put("telemetry", spec.telemetry() != null);
    forOne.put("envoy", spec.envoy() != null);
    forOne.forEach(
        (key, given) -> {
          if (given) {
            of(at, key)
                .error(
                    key
                        + " is about one service; with target.service \"*\" only loadBalancer,"
                        + " connectionPool, circuitBreaker, retry, timeouts, health and locality can be given");
          }
        });
  }

  private static At of(At spec, String keys) {
    At at = spec;
    for (String key : keys.split("\\.", -1)) {
      at = at.key(key);
    }
    return at;
  }

  private static void attach(At at, Attach attach, String namespace) {
    At gateways = at.key("gateways");
    At hosts = at.key("hosts");
    Names.hosts(hosts, attach.hosts());
    if (!gateways.legible() || !hosts.legible()) {
      return;
    }
    for (int i = 0; i < attach.gateways().size(); i++) {
      GatewayRef gateway = attach.gateways().get(i);
      Names.dnsLabel(gateways.index(i).key("name"), gateway.name());
      if (gateway.namespace() != null) {
        Names.dnsLabel(gateways.index(i).key("namespace"), gateway.namespace());
      }
      if (gateway.listener() != null) {
        Names.dnsLabel(gateways.index(i).key("listener"), gateway.listener());
      }
    }
    Names.unique(gateways, attach.gateways(), gateway -> key(gateway, namespace), "", "gateway");
    exposed(at, attach);
  }

  private static String key(GatewayRef gateway, @Nullable String namespace) {
    return Objects.requireNonNullElse(gateway.namespace(), namespace)
        + "/"
        + gateway.name()
        + (gateway.listener() == null ? "" : "/" + gateway.listener());
  }

  private static void exposed(At at, Attach attach) {
    boolean gateways = attach.gateways().stream().anyMatch(each -> each.listener() == null);
    boolean listeners = attach.gateways().stream().anyMatch(each -> each.listener() != null);
    boolean hosts = !attach.hosts().isEmpty();
    if (gateways && !hosts) {
      at.key("gateways")
          .error(
              "gateways need attach.hosts: the names that they expose the service by;"
                  + " or, for a TCP service, listener: the gateway's listener");
    } else if (hosts && !gateways) {
      at.key("hosts")
          .error(
              listeners
                  ? "hosts are for requests, and listeners for connections; name a gateway without"
                      + " listener, or remove the hosts"
                  : "hosts need attach.gateways: the gateways that expose them");
    } else if (!gateways && !listeners && Boolean.FALSE.equals(attach.mesh())) {
      at.key("mesh").error("false without gateways leaves the policy nowhere to apply; remove it");
    }
  }
}
