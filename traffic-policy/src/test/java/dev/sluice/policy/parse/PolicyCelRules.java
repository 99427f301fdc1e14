package dev.sluice.policy.parse;

import static dev.sluice.policy.parse.CelRules.choices;
import static dev.sluice.policy.parse.CelRules.has;
import static dev.sluice.policy.parse.CelRules.some;

import dev.sluice.spec.Attach;
import dev.sluice.spec.BlueGreen;
import dev.sluice.spec.Degrade;
import dev.sluice.spec.Envoy;
import dev.sluice.spec.Fault;
import dev.sluice.spec.Mirror;
import dev.sluice.spec.RateLimit;
import dev.sluice.spec.Route;
import dev.sluice.spec.Split;
import dev.sluice.spec.Target;
import dev.sluice.spec.TrafficPolicySpec;
import dev.sluice.spec.UpstreamTls;
import dev.sluice.spec.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rules for what a TrafficPolicy says of its service and of requests. */
final class PolicyCelRules {
  private static final String ENDPOINT_MODE =
      "has(self.split) && has(self.split.mode) && self.split.mode == 'endpoint'";

  private static final String KNOWN = "self.versions.exists(v, v.name == %s)";

  /** Names three versions at most. */
  private static final String DECLARED =
      "self.versions[0].name + (size(self.versions) > 1 ? ', ' + self.versions[1].name : '')"
          + " + (size(self.versions) > 2 ? ', ' + self.versions[2].name : '')"
          + " + (size(self.versions) > 3 ? ', ...' : '')";

  private PolicyCelRules() {}

  /** The message for a version that is named and not declared. */
  static String unknown(String name) {
    return "'unknown version \"' + %s + '\" (declared: ' + %s + ')'".formatted(name, DECLARED);
  }

  /** CEL: whether the version is declared. */
  static String known(String name) {
    return KNOWN.formatted(name);
  }

  static Map<Class<?>, List<CelRule>> sections() {
    return Map.ofEntries(
        Map.entry(TrafficPolicySpec.class, spec()),
        Map.entry(Target.class, List.of(target())),
        Map.entry(Attach.class, attach()),
        Map.entry(Split.class, split()),
        Map.entry(Mirror.class, CelRules.exactlyOne(choices("version", "service"))),
        Map.entry(Degrade.class, List.of(degrade())),
        Map.entry(
            Fault.class,
            List.of(
                CelRules.someOf(
                    choices("delay", "abort"),
                    "is empty; write delay: {for: 2s, percent: 10} or abort: {httpStatus: 503}"))),
        Map.entry(
            Fault.Delay.class,
            List.of(
                CelRule.saying(
                    "has(self.__for__)",
                    "needs for, how long requests are held back; write such as {for: 2s, percent: 10}"))),
        Map.entry(Fault.Abort.class, CelRules.exactlyOne(choices("httpStatus", "grpcStatus"))),
        Map.entry(
            RateLimit.class,
            List.of(
                CelRule.saying(
                    has("local") + " || " + some("global"),
                    "is empty; write local: {requests: 100, per: 1s}, or global: [{name: all,"
                        + " requests: 100, per: 1s}]"))),
        Map.entry(RateLimit.Local.class, local()),
        Map.entry(
            UpstreamTls.class,
            List.of(
                CelRule.saying(
                    has("sni") + " || " + some("sans"),
                    "needs sni or sans: the name that an instance's certificate must have; without"
                        + " one, any certificate of these authorities would pass for this service"))),
        Map.entry(
            Envoy.class,
            List.of(
                CelRule.saying(
                    some("clusters") + " || " + some("routes") + " || " + some("listeners"),
                    "is empty; write clusters, routes or listeners, each a list of {patch: {...}}"))));
  }

  static Map<Class<?>, List<CelRule>> items() {
    return Map.of(
        Version.class,
        List.of(
            CelRule.saying(
                    "size(self.labels) > 0",
                    "a version needs labels to tell its instances by; write such as {version: v1}")
                .at(".labels")),
        Target.Backend.class,
        List.of(
            beside("kubernetes", "consul"),
            beside("kubernetes", "static"),
            beside("consul", "static")),
        Route.class,
        route());
  }

  private static CelRule beside(String first, String second) {
    return CelRule.saying(
            "!%s || !%s".formatted(has(first), has(second)),
            "is given beside " + first + "; make two backends of the two")
        .at("." + second);
  }

  private static List<CelRule> spec() {
    List<CelRule> rules = new ArrayList<>(everyService());
    rules.add(
        CelRule.saying(
                "!has(self.split) || " + some("versions"),
                "a split needs spec.versions, each with a name and labels")
            .at(".split"));
    rules.add(
        CelRule.computing(
                "!has(self.split) || !%s || %s || %s"
                    .formatted(
                        some("versions"),
                        some("split.weights"),
                        "(has(self.split.by) && self.split.by == 'podCount')"),
                "'a split needs weights; write such as weights: {' + self.versions[0].name + ': 100}'")
            .at(".split"));
    rules.add(
        CelRule.computing(
                "!has(self.split) || !has(self.split.weights) || !%s || self.split.weights.all(w, %s)"
                    .formatted(some("versions"), KNOWN.formatted("w")),
                unknown("self.split.weights.filter(w, !%s)[0]".formatted(KNOWN.formatted("w"))))
            .at(".split.weights"));
    rules.add(
        CelRule.computing(
                "!has(self.mirror) || !has(self.mirror.version) || !%s || %s"
                    .formatted(some("versions"), KNOWN.formatted("self.mirror.version")),
                unknown("self.mirror.version"))
            .at(".mirror.version"));
    rules.addAll(RolloutCelRules.spec());
    rules.addAll(endpointMode());
    rules.addAll(protocol());
    rules.addAll(ResilienceCelRules.spec());
    return rules;
  }

  /** What is about one service cannot be said of all. */
  private static List<CelRule> everyService() {
    List<CelRule> rules = new ArrayList<>();
    List<String> singles =
        List.of(
            "target.port",
            "attach",
            "protocol",
            "split",
            "rollout",
            "mirror",
            "degrade",
            "fault",
            "limits",
            "rateLimit",
            "upstreamTLS",
            "telemetry",
            "envoy");
    singles.forEach(key -> rules.add(ofOne(key, has(key))));
    List.of("target.backends", "versions", "routes", "upgrade")
        .forEach(key -> rules.add(ofOne(key, some(key))));
    return rules;
  }

  private static CelRule ofOne(String key, String given) {
    return CelRule.saying(
            "self.target.service != '*' || !" + given,
            key
                + " is about one service; with target.service \"*\" only loadBalancer,"
                + " connectionPool, circuitBreaker, retry, timeouts, health and locality can be given")
        .at("." + key);
  }

  private static List<CelRule> endpointMode() {
    String typed = "has(self.loadBalancer) && has(self.loadBalancer.type)";
    return List.of(
        CelRule.saying(
                "!(%s) || (%s)".formatted(ENDPOINT_MODE, typed),
                "split.mode endpoint needs RoundRobin (LeastRequest, the default, does not keep to the"
                    + " weights); write loadBalancer: {type: RoundRobin}")
            .at(".split.mode"),
        CelRule.computing(
                "!(%s) || !(%s) || self.loadBalancer.type == 'RoundRobin'"
                    .formatted(ENDPOINT_MODE, typed),
                "'split.mode endpoint needs RoundRobin (' + self.loadBalancer.type + ' does not keep to"
                    + " the weights); write loadBalancer: {type: RoundRobin}'")
            .at(".loadBalancer.type"),
        CelRule.saying(
                "!(%s) || !has(self.locality) || !has(self.locality.mode) || self.locality.mode == 'none'"
                    .formatted(ENDPOINT_MODE),
                "split.mode endpoint weighs the instances of all localities together; remove locality,"
                    + " or use split.mode cluster")
            .at(".locality.mode"));
  }

  private static List<CelRule> protocol() {
    return List.of(
        CelRule.saying(
                "!has(self.protocol) || self.protocol != 'tcp' || !" + some("routes"),
                "protocol tcp has no requests to route; remove the routes, or correct the protocol")
            .at(".routes"),
        CelRule.computing(
                "!has(self.protocol) || self.protocol == 'http' || !" + some("upgrade"),
                "'needs protocol http, not ' + self.protocol + '; remove it'")
            .at(".upgrade"));
  }

  private static CelRule target() {
    return CelRule.saying(
            "!%s || self.backends.exists(b, !has(b.weight) || b.weight != 0)"
                .formatted(some("backends")),
            "every backend has weight 0, so none would get traffic; give one a positive weight")
        .at(".backends");
  }

  private static List<CelRule> attach() {
    String gateway = "has(self.gateways) && self.gateways.exists(g, !has(g.listener))";
    String listener = "has(self.gateways) && self.gateways.exists(g, has(g.listener))";
    return List.of(
        CelRule.saying(
                "!(%s) || %s".formatted(gateway, some("hosts")),
                "gateways need attach.hosts: the names that they expose the service by; or, for a TCP"
                    + " service, listener: the gateway's listener")
            .at(".gateways"),
        CelRule.saying(
                "!%s || %s".formatted(some("hosts"), some("gateways")),
                "hosts need attach.gateways: the gateways that expose them")
            .at(".hosts"),
        CelRule.saying(
                "!%s || !(%s) || (%s)".formatted(some("hosts"), listener, gateway),
                "hosts are for requests, and listeners for connections; name a gateway without"
                    + " listener, or remove the hosts")
            .at(".hosts"),
        CelRule.saying(
                "!has(self.mesh) || self.mesh || %s || %s"
                    .formatted(some("gateways"), some("hosts")),
                "false without gateways leaves the policy nowhere to apply; remove it")
            .at(".mesh"));
  }

  private static List<CelRule> split() {
    return List.of(
        CelRule.saying(
                "!has(self.by) || self.by != 'podCount' || !" + some("weights"),
                "by podCount the shares follow the ready instances; remove the weights")
            .at(".weights"),
        CelRule.saying(
                "!%s || self.weights.exists(w, self.weights[w] != 0)".formatted(some("weights")),
                "the weights sum to 0, so no version would get traffic; give one a positive weight")
            .at(".weights"));
  }

  private static CelRule degrade() {
    return CelRule.computing(
            "!has(self.body) || self.body == '' || !has(self.status) || !(self.status in [204, 205, 304])",
            "'an answer with the status ' + (self.status == 204 ? '204' : self.status == 205 ? '205' :"
                + " '304') + ' has no body; remove it'")
        .at(".body");
  }

  private static List<CelRule> local() {
    return List.of(
        CelRule.saying(has("requests"), "needs requests; write such as {requests: 100, per: 1s}"),
        CelRule.saying(has("per"), "needs per; write such as {requests: 100, per: 1s}"));
  }

  private static List<CelRule> route() {
    List<CelRule> rules = new ArrayList<>();
    rules.add(
        CelRule.saying(
                "size(self.match) > 0",
                "a route needs a match; write such as [{path: {prefix: /admin}}]")
            .at(".match"));
    rules.add(
        CelRule.saying(
                "self.name != '%s'".formatted(BlueGreen.Preview.ROUTE),
                "\"%s\" is the route of a rollout's preview; choose another name"
                    .formatted(BlueGreen.Preview.ROUTE))
            .at(".name"));
    rules.addAll(CelRules.atMostOne(choices("to", "respond", "redirect")));
    rules.add(
        CelRule.saying(
                "!has(self.to) || has(self.to.version) || " + some("to.weights"),
                "is empty; write {version: NAME} or {weights: {NAME: 100}}")
            .at(".to"));
    rules.add(
        CelRule.saying(
                "!has(self.to) || !has(self.to.version) || !" + some("to.weights"),
                "has both version and weights; keep one of them")
            .at(".to"));
    return rules;
  }
}
