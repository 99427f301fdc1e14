package dev.sluice.policy.validate;

import dev.sluice.catalog.Protocol;
import dev.sluice.spec.Attach;
import dev.sluice.spec.BlueGreen;
import dev.sluice.spec.Rollout;
import dev.sluice.spec.TrafficPolicySpec;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** {@code spec.rollout}, and what of it is blue-green. */
final class RolloutRules {
  private static final Duration STABLE_FOR = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private RolloutRules() {}

  static void check(At spec, TrafficPolicySpec policy, Rollout rollout) {
    At at = spec.key("rollout");
    if (policy.split() != null) {
      at.error("is given beside split, which divides the same calls; keep one of the two");
    }
    if (policy.versions().isEmpty() && spec.key("versions").legible()) {
      at.error("a rollout needs spec.versions, each with a name and labels");
    }
    OneOf.exactlyOne(
        at, List.of("blueGreen", "canary"), rollout.blueGreen() != null, rollout.canary() != null);
    if (rollout.blueGreen() != null) {
      blueGreen(spec, policy, rollout.blueGreen());
    }
    if (rollout.canary() != null) {
      CanaryRules.check(spec, policy, rollout.canary());
    }
    at.atLeast("silentAfter", rollout.silentAfter(), SECOND);
  }

  /** A version that is named, where it can be told whether it is declared. */
  static void version(At spec, TrafficPolicySpec policy, At at, String name) {
    if (spec.key("versions").legible()) {
      VersionNames.of(policy.versions()).known(at, name);
    }
  }

  private static void blueGreen(At spec, TrafficPolicySpec policy, BlueGreen given) {
    At at = spec.key("rollout").key("blueGreen");
    version(spec, policy, at.key("active"), given.active());
    if (given.standby().equals(given.active())) {
      at.key("standby").error("\"" + given.standby() + "\" is active too; name the other version");
    } else {
      version(spec, policy, at.key("standby"), given.standby());
    }
    if (given.gate() != null) {
      gate(at.key("gate"), given.gate());
    }
    if (given.preview() != null) {
      preview(spec, policy, given.preview());
    }
  }

  private static void gate(At at, BlueGreen.Gate gate) {
    at.atLeast("minReady", gate.minReady(), 1);
    Duration stableFor = Objects.requireNonNullElse(gate.stableFor(), STABLE_FOR);
    Duration timeout = Objects.requireNonNullElse(gate.timeout(), TIMEOUT);
    if (timeout.compareTo(stableFor) > 0 || !at.legible()) {
      return;
    }
    String why = "or the flip would always be given up";
    if (gate.timeout() != null) {
      String other = gate.stableFor() == null ? ", the default" : "";
      at.key("timeout")
          .error(
              "%s must be longer than stableFor (%s%s), %s"
                  .formatted(Text.of(timeout), Text.of(stableFor), other, why));
    } else {
      at.key("stableFor")
          .error(
              "%s must be shorter than timeout (%s, the default), %s"
                  .formatted(Text.of(stableFor), Text.of(timeout), why));
    }
  }

  private static void preview(At spec, TrafficPolicySpec policy, BlueGreen.Preview preview) {
    At at = spec.key("rollout").key("blueGreen").key("preview");
    OneOf.exactlyOne(
        at, List.of("header", "host"), preview.header() != null, preview.host() != null);
    if (policy.protocol() == Protocol.TCP) {
      at.error("protocol tcp has no requests to tell apart; remove it, or correct the protocol");
    }
    if (preview.header() != null) {
      header(at.key("header").key("name"), preview.header().name());
    }
    if (preview.host() != null) {
      host(spec, policy, at.key("host"), preview.host());
    }
  }

  private static void header(At at, String name) {
    if (name.startsWith(":") || name.equalsIgnoreCase("cookie") || name.equalsIgnoreCase("host")) {
      at.error("\"" + name + "\" tells no preview; take a header of its own, such as x-preview");
    } else {
      ValueRules.headerName(at, name);
    }
  }

  private static void host(At spec, TrafficPolicySpec policy, At at, String host) {
    Names.exactHost(at, host);
    Attach attach = policy.attach();
    if (!spec.key("attach").legible()) {
      return;
    }
    if (attach == null || attach.gateways().stream().allMatch(each -> each.listener() != null)) {
      at.error(
          "needs attach.gateways, which take requests to it; or use header, which the mesh knows too");
    } else if (attach.hosts().stream().anyMatch(host::equalsIgnoreCase)) {
      at.error("\"" + host + "\" is one of attach.hosts, by which everybody comes; write another");
    }
  }
}
