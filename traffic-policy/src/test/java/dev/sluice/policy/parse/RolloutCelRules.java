package dev.sluice.policy.parse;

import static dev.sluice.policy.parse.CelRules.choices;
import static dev.sluice.policy.parse.CelRules.has;
import static dev.sluice.policy.parse.CelRules.some;

import dev.sluice.spec.Analysis;
import dev.sluice.spec.BlueGreen;
import dev.sluice.spec.Canary;
import dev.sluice.spec.Rollout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rules for {@code spec.rollout}. Numbers that may be decimals are nothing that rules can see. */
final class RolloutCelRules {
  private RolloutCelRules() {}

  static Map<Class<?>, List<CelRule>> sections() {
    return Map.of(
        Rollout.class, CelRules.exactlyOne(choices("blueGreen", "canary")),
        BlueGreen.class, List.of(standby()),
        BlueGreen.Gate.class, gate(),
        Canary.class, canary(),
        Analysis.class, analysis());
  }

  /** Rules for the rollout and other sections together. */
  static List<CelRule> spec() {
    List<CelRule> rules = new ArrayList<>();
    rules.add(
        CelRule.saying(
                "!has(self.split) || !has(self.rollout)",
                "is given beside split, which divides the same calls; keep one of the two")
            .at(".rollout"));
    rules.add(
        CelRule.saying(
                "!has(self.rollout) || " + some("versions"),
                "a rollout needs spec.versions, each with a name and labels")
            .at(".rollout"));
    for (String key :
        List.of("blueGreen.active", "blueGreen.standby", "canary.from", "canary.to")) {
      rules.add(declared("rollout." + key));
    }
    rules.add(preview());
    return rules;
  }

  private static CelRule declared(String key) {
    String section = key.substring(0, key.lastIndexOf('.'));
    String name = "self." + key;
    return CelRule.computing(
            "!has(self.rollout) || !has(self.%s) || !%s || %s"
                .formatted(section, some("versions"), PolicyCelRules.known(name)),
            PolicyCelRules.unknown(name))
        .at("." + key);
  }

  private static CelRule preview() {
    String section = "self.rollout.blueGreen.preview";
    return CelRule.saying(
            "!has(self.protocol) || self.protocol != 'tcp' || !has(self.rollout) ||"
                + " !has(self.rollout.blueGreen) || !has("
                + section
                + ")",
            "protocol tcp has no requests to tell apart; remove it, or correct the protocol")
        .at(".rollout.blueGreen.preview");
  }

  private static CelRule standby() {
    return CelRule.computing(
            "self.standby != self.active",
            "'\"' + self.standby + '\" is active too; name the other version'")
        .at(".standby");
  }

  private static List<CelRule> gate() {
    String stableFor = "(has(self.stableFor) ? self.stableFor : '10s')";
    String timeout = "(has(self.timeout) ? self.timeout : '5m')";
    String right =
        "!(%s) || !(%s) || duration(%s) > duration(%s)"
            .formatted(
                CelRules.isDuration(stableFor), CelRules.isDuration(timeout), timeout, stableFor);
    String why = "or the flip would always be given up";
    return List.of(
        CelRule.computing(
                "!has(self.timeout) || " + right,
                "self.timeout + ' must be longer than stableFor (' + (has(self.stableFor) ?"
                    + " self.stableFor : '10s, the default') + '), "
                    + why
                    + "'")
            .at(".timeout"),
        CelRule.computing(
                "has(self.timeout) || " + right,
                "(has(self.stableFor) ? self.stableFor : '10s') + ' must be shorter than timeout (5m, the default), "
                    + why
                    + "'")
            .at(".stableFor"));
  }

  private static List<CelRule> canary() {
    return List.of(
        CelRule.computing(
                "self.to != self.from",
                "'\"' + self.to + '\" is from too; name the version that comes after it'")
            .at(".to"),
        CelRule.saying(
                "size(self.steps) > 0",
                "a canary needs steps; write such as [{weight: 10, hold: 5m}, {weight: 50}]")
            .at(".steps"));
  }

  private static List<CelRule> analysis() {
    String asks = has("successRate") + " || " + has("latency") + " || " + some("queries");
    return List.of(
        CelRule.saying(
            asks + " || has(self.webhook) || has(self.queries)",
            "measures nothing; write successRate, latency, queries or webhook, such as successRate:"
                + " {min: 99}"),
        CelRule.saying(
                "!has(self.queries) || size(self.queries) > 0",
                "is empty; write a query, or remove it")
            .at(".queries"),
        CelRule.saying(
            has("prometheus") + " || !(" + asks + ")",
            "needs prometheus: where to ask; write such as http://prometheus.monitoring:9090"));
  }
}
