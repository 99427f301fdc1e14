package dev.sluice.policy.parse;

import static dev.sluice.policy.parse.CelRules.choices;
import static dev.sluice.policy.parse.CelRules.some;

import dev.sluice.spec.AccessLog;
import dev.sluice.spec.Authz;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.StaticService;
import java.util.List;
import java.util.Map;

/** Rules for Gateway, InstanceOverride and StaticService, and for every kind's metadata. */
final class OtherCelRules {
  private OtherCelRules() {}

  static Map<Class<?>, List<CelRule>> sections() {
    return Map.of(
        Gateway.Spec.class,
        List.of(
            CelRule.saying(
                    "size(self.listeners) > 0",
                    "a gateway needs a listener; write [{name: http, port: 8080, protocol: HTTP}]")
                .at(".listeners")),
        Gateway.Proxies.class,
        List.of(
            CelRule.saying(
                    "size(self.selector) > 0",
                    "names no proxy; write labels that the proxies carry, such as {app: edge}")
                .at(".selector")),
        Authz.class,
        CelRules.exactlyOne(choices("grpc", "http")),
        AccessLog.class,
        List.of(
            CelRules.someOf(
                choices("stdout", "file", "otlp", "grpc"),
                "needs one of stdout, file, otlp, grpc, such as {stdout: {json: true}}")),
        InstanceOverride.Spec.class,
        List.of(
            CelRules.someOf(
                choices("state", "weight"), "needs state (drain, out or in), weight, or both"),
            CelRule.saying(
                    "!has(self.state) || self.state != 'out' || !has(self.weight)",
                    "an instance that is out gets nothing, whatever its weight; remove it")
                .at(".weight")),
        StaticService.Spec.class,
        staticService());
  }

  static Map<Class<?>, List<CelRule>> items() {
    return Map.of(
        Gateway.Listener.class,
        listener(),
        StaticService.Instance.class,
        List.of(
            CelRule.saying(
                "!has(self.port) || !" + some("ports"), "has port and ports; keep one of them")));
  }

  /** The rule of every kind's root. */
  static CelRule name() {
    return CelRule.computing(
            "self.metadata.name.matches('^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$')",
            "'\"' + self.metadata.name + '\" is not a DNS label; use at most 63 lower-case letters,"
                + " digits and \"-\", beginning and ending with a letter or digit'")
        .at(".metadata.name");
  }

  private static List<CelRule> staticService() {
    return List.of(
        CelRule.saying(
                "size(self.ports) > 0", "a service needs a port; write [{name: http, port: 80}]")
            .at(".ports"),
        CelRule.saying(
                "!has(self.host) || !" + some("endpoints"),
                "has host and endpoints; keep one of them: a DNS name, or the addresses")
            .at(".host"));
  }

  private static List<CelRule> listener() {
    return List.of(
        CelRule.saying(
            "self.protocol != 'HTTPS' || has(self.tls)",
            "HTTPS needs a certificate; write tls: {secret: NAME}"),
        CelRule.saying(
                "self.protocol != 'HTTP' || !has(self.tls)",
                "HTTP is spoken without TLS; write protocol: HTTPS, or remove tls")
            .at(".tls"),
        CelRule.saying(
                "self.protocol != 'TCP' || !has(self.tls)",
                "TCP is spoken without TLS; remove tls, and have the service itself end it")
            .at(".tls"),
        CelRule.saying(
                "self.protocol != 'TCP' || !" + some("hosts"), "TCP has no hosts; remove them")
            .at(".hosts"));
  }
}
