package dev.sluice.policy.validate;

import dev.sluice.spec.RateLimit.Global;
import dev.sluice.spec.RateLimit.LimitKey;
import dev.sluice.spec.RateLimit.Unit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** {@code rateLimit.global}, of a service or of a route. */
final class GlobalLimits {
  private static final List<String> KINDS = List.of("header", "query", "remoteAddress");

  /** The rate-limit service is told what to do where any of them is lacking, in every mixture. */
  private static final int MOST_KEYS = 4;

  /** What may stand between parentheses, and needs no decoding. */
  private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9._~\\[\\]-]+");

  private GlobalLimits() {}

  static void check(At at, List<Global> limits) {
    if (!at.legible()) {
      return;
    }
    for (int i = 0; i < limits.size(); i++) {
      check(at.index(i), limits.get(i));
    }
    Names.unique(at, limits, Global::name, "name", "limit");
  }

  private static void check(At at, Global limit) {
    Names.dnsLabel(at.key("name"), limit.name());
    at.atLeast("requests", limit.requests(), 1);
    if (Unit.of(limit.per()).isEmpty()) {
      at.key("per")
          .error(
              Text.of(limit.per())
                  + " is no time in which a rate-limit service counts; write 1s, 1m, 1h or 24h");
    }
    keys(at.key("key"), limit.key());
  }

  private static void keys(At at, List<LimitKey> keys) {
    if (!at.legible()) {
      return;
    }
    boolean named = true;
    for (int i = 0; i < keys.size(); i++) {
      named &= isOne(at.index(i), keys.get(i));
    }
    if (keys.size() > MOST_KEYS) {
      at.error("has " + keys.size() + " entries; the most is " + MOST_KEYS);
    }
    if (named) {
      Names.unique(at, keys, GlobalLimits::name, "", "key");
    }
  }

  private static String name(LimitKey key) {
    if (key.header() != null) {
      return "header " + key.header().toLowerCase(Locale.ROOT);
    }
    return key.query() != null ? "query " + key.query() : "remoteAddress";
  }

  /** Whether it says one thing to count by, which is then checked. */
  private static boolean isOne(At at, LimitKey key) {
    boolean one =
        OneOf.exactlyOne(
            at, KINDS, key.header() != null, key.query() != null, key.remoteAddress() != null);
    if (!one) {
      return false;
    }
    if (key.header() != null) {
      ValueRules.headerName(at.key("header"), key.header());
    }
    if (key.query() != null && !PARAMETER.matcher(key.query()).matches()) {
      at.key("query")
          .error("\"" + key.query() + "\" is no query parameter's name; write such as user");
    }
    if (Boolean.FALSE.equals(key.remoteAddress())) {
      at.key("remoteAddress")
          .error("false leaves nothing to count by; write true, or remove the key");
    }
    return true;
  }
}
