package dev.sluice.policy.parse;

import static dev.sluice.policy.parse.CelRules.choices;
import static dev.sluice.policy.parse.CelRules.some;

import dev.sluice.spec.CircuitBreaker;
import dev.sluice.spec.HealthCheck;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.LocalityRouting;
import dev.sluice.spec.Retry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rules for the sections that keep calls resilient, where they are the service's own. */
final class ResilienceCelRules {
  private ResilienceCelRules() {}

  static Map<Class<?>, List<CelRule>> sections() {
    return Map.of(
        LoadBalancer.class, loadBalancer(),
        CircuitBreaker.class, circuitBreaker(),
        CircuitBreaker.Outlier.class, outlier(),
        Retry.class, retry(),
        Retry.Backoff.class, backoff(),
        HealthCheck.class, health(),
        HealthCheck.Active.class, active(),
        LocalityRouting.class, locality());
  }

  /** Rules for several sections together. */
  static List<CelRule> spec() {
    return List.of(perTry("perTryTimeout"), perTry("hedge.after"), weightedHash());
  }

  private static CelRule perTry(String key) {
    String value = "self.retry." + key;
    String request = "self.timeouts.request";
    String given = "has(self.timeouts) && has(self.timeouts.request)";
    String holder = key.contains(".") ? "!has(self.retry.hedge)" : "!has(self.retry.perTryTimeout)";
    String legible =
        "(%s) && (!(%s) || (%s))"
            .formatted(CelRules.isDuration(value), given, CelRules.isDuration(request));
    String limit = "duration(%s ? %s : '15s')".formatted("(" + given + ")", request);
    return CelRule.computing(
            "!has(self.retry) || %1$s || !(%2$s) || %3$s == duration('0s') || duration(%4$s) < %3$s"
                .formatted(holder, legible, limit, value),
            "%s + ' must be shorter than timeouts.request (' + ((%s) ? %s : '15s, the default') + ');"
                    .formatted(value, given, request)
                + " Envoy would ignore it'")
        .at(".retry." + key);
  }

  private static CelRule weightedHash() {
    return CelRule.saying(
            "!has(self.locality) || !has(self.locality.mode) || self.locality.mode != 'weighted' ||"
                + " !has(self.loadBalancer) || !has(self.loadBalancer.type) ||"
                + " self.loadBalancer.type != 'ConsistentHash'",
            "weighted and ConsistentHash exclude each other: the hash spans all localities; use failover"
                + " or none, or another loadBalancer.type")
        .at(".locality.mode");
  }

  private static List<CelRule> loadBalancer() {
    return List.of(
        CelRule.saying(
                "!has(self.type) || self.type != 'ConsistentHash' || " + some("hash"),
                "ConsistentHash needs hash; write such as hash: [{header: x-user-id}]")
            .at(".type"),
        CelRule.computing(
                "!has(self.choices) || !has(self.type) || self.type == 'LeastRequest'",
                "'only LeastRequest has choices, not ' + self.type + '; remove it'")
            .at(".choices"),
        CelRule.computing(
                "!has(self.table) || (has(self.type) && self.type == 'ConsistentHash')",
                "'only ConsistentHash has a table, not ' + (has(self.type) ? self.type : 'LeastRequest')"
                    + " + '; remove it'")
            .at(".table"));
  }

  private static List<CelRule> circuitBreaker() {
    return List.of(
        CelRule.saying(
                "!has(self.maxRetries) || !has(self.retryBudget)",
                "maxRetries limits the same by a fixed number; keep one of the two")
            .at(".retryBudget"));
  }

  private static List<CelRule> outlier() {
    String first = "(has(self.ejectFor) ? self.ejectFor : '30s')";
    String most = "(has(self.maxEjectFor) ? self.maxEjectFor : '5m')";
    return List.of(
        CelRule.computing(
                "!has(self.ejectFor) || !(%s) || !(%s) || duration(%s) <= duration(%s)"
                    .formatted(CelRules.isDuration(first), CelRules.isDuration(most), first, most),
                "'ejectFor (' + self.ejectFor + ') must not be longer than maxEjectFor (' +"
                    + " (has(self.maxEjectFor) ? self.maxEjectFor : '5m, the default') + ')'")
            .at(".ejectFor"));
  }

  private static List<CelRule> retry() {
    return List.of(
        CelRule.saying(
                "!has(self.hedge) || !has(self.perTryTimeout)",
                "perTryTimeout ends a try that takes long, hedge leaves it and starts another beside it;"
                    + " keep one of them")
            .at(".hedge"),
        CelRule.saying(
                "!has(self.hedge) || !has(self.attempts) || self.attempts != 0",
                "needs another try to start; write attempts: 1, or remove it")
            .at(".hedge"));
  }

  private static List<CelRule> backoff() {
    String base = "(has(self.base) ? self.base : '25ms')";
    return List.of(
        CelRule.computing(
                "!has(self.max) || !(%s) || !(%s) || duration(self.max) >= duration(%s)"
                    .formatted(CelRules.isDuration("self.max"), CelRules.isDuration(base), base),
                "self.max + ' must not be shorter than backoff.base (' + (has(self.base) ? self.base :"
                    + " '25ms, the default') + ')'")
            .at(".max"));
  }

  private static List<CelRule> health() {
    return List.of(
        CelRule.computing(
                "!has(self.source) || self.source == 'readiness' || has(self.active)",
                "self.source + ' needs active: what the instances are asked; write such as active:"
                    + " {http: {path: /healthz}}'")
            .at(".source"),
        CelRule.computing(
                "!has(self.active) || (has(self.source) && self.source != 'readiness')",
                "'with source readiness' + (has(self.source) ? '' : ', the default,') + ' the instances"
                    + " are not asked; write source: active or both, or remove it'")
            .at(".active"));
  }

  private static List<CelRule> active() {
    List<CelRule> rules = new ArrayList<>();
    rules.add(
        CelRules.someOf(
            choices("http", "grpc", "tcp"),
            "needs one of http, grpc, tcp; write such as http: {path: /healthz}"));
    for (String pair : List.of("http and grpc", "http and tcp", "grpc and tcp")) {
      String[] keys = pair.split(" and ", -1);
      rules.add(
          CelRule.saying(
              "!has(self.%s) || !has(self.%s)".formatted(keys[0], keys[1]),
              "has " + pair + "; an instance is asked in one way only"));
    }
    return rules;
  }

  private static List<CelRule> locality() {
    return List.of(
        CelRule.saying("has(self.mode)", "needs mode: none, failover or weighted"),
        CelRule.computing(
                "!has(self.mode) || self.mode == 'failover' || !" + some("order"),
                "'only failover has an order, not ' + self.mode + '; remove it'")
            .at(".order"),
        CelRule.computing(
                "!has(self.mode) || self.mode == 'weighted' || !" + some("weights"),
                "'only weighted has weights, not ' + self.mode + '; remove them'")
            .at(".weights"),
        CelRule.saying(
                "!has(self.mode) || self.mode != 'weighted' || " + some("weights"),
                "weighted needs weights; write such as weights: {eu-west: 80, us-east: 20}")
            .at(".mode"),
        CelRule.saying(
                "!%s || self.weights.exists(place, self.weights[place] != 0)"
                    .formatted(some("weights")),
                "no place has a weight above 0, so nothing would be called")
            .at(".weights"));
  }
}
