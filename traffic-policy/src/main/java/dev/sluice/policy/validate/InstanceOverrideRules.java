package dev.sluice.policy.validate;

import dev.sluice.spec.InstanceOverride.Match;
import dev.sluice.spec.InstanceOverride.Spec;
import dev.sluice.spec.InstanceOverride.State;
import dev.sluice.spec.IpLiteral;
import dev.sluice.spec.StaticAddress;
import java.util.List;

/** An InstanceOverride. */
final class InstanceOverrideRules {
  private static final int MOST_WEIGHT = 1_000_000;

  private InstanceOverrideRules() {}

  static void check(At at, Spec spec) {
    Names.service(at.key("service"), spec.service());
    if (at.key("match").legible()) {
      match(at.key("match"), spec.match());
    }
    boolean legible = at.key("state").legible() && at.key("weight").legible();
    if (spec.state() == null && spec.weight() == null && legible) {
      at.error("needs state (drain, out or in), weight, or both");
    } else if (spec.state() == State.OUT && spec.weight() != null) {
      at.key("weight")
          .error("an instance that is out gets nothing, whatever its weight; remove it");
    }
    at.within("weight", spec.weight(), 1, MOST_WEIGHT);
    at.positive("expiresIn", spec.expiresIn());
  }

  private static void match(At at, Match match) {
    boolean one =
        OneOf.exactlyOne(
            at,
            List.of("address", "pod", "labels"),
            match.address() != null,
            match.pod() != null,
            !match.labels().isEmpty());
    if (one && match.address() != null && !isAddress(match.address())) {
      at.key("address")
          .error(
              "\""
                  + match.address()
                  + "\" is no address; write an IP literal, with or without its port, such as"
                  + " 10.0.0.1 or 10.0.0.1:8080");
    }
    if (one && match.pod() != null && match.pod().isEmpty()) {
      at.key("pod").error("is empty; write the pod's name");
    }
  }

  private static boolean isAddress(String text) {
    if (IpLiteral.isIpLiteral(text)) {
      return true;
    }
    try {
      StaticAddress.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
