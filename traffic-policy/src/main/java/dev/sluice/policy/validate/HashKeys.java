package dev.sluice.policy.validate;

import dev.sluice.spec.HashKey;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Lists of what of a request decides its instance. */
final class HashKeys {
  private static final List<String> KINDS = List.of("header", "cookie", "query", "sourceIP");

  private HashKeys() {}

  static void check(At at, List<HashKey> keys) {
    if (!at.legible()) {
      return;
    }
    boolean named = true;
    for (int i = 0; i < keys.size(); i++) {
      named &= isOne(at.index(i), keys.get(i));
      if (isAlwaysThere(keys.get(i)) && i + 1 < keys.size()) {
        at.index(i + 1)
            .error("is never looked at, for every request has the one before it; remove it");
      }
    }
    if (named) {
      Names.unique(at, keys, HashKeys::name, "", "key");
    }
  }

  /** An address, or a cookie that is given to who has none. */
  private static boolean isAlwaysThere(HashKey key) {
    return Boolean.TRUE.equals(key.sourceIP())
        || (key.cookie() != null && key.cookie().ttl() != null);
  }

  private static String name(HashKey key) {
    if (key.header() != null) {
      return "header " + key.header().toLowerCase(Locale.ROOT);
    }
    if (key.cookie() != null) {
      return "cookie " + key.cookie().name();
    }
    return key.query() != null ? "query " + key.query() : "sourceIP";
  }

  /** Whether it says one thing to look at, which is then checked. */
  private static boolean isOne(At at, HashKey key) {
    boolean one =
        OneOf.exactlyOne(
            at,
            KINDS,
            key.header() != null,
            key.cookie() != null,
            key.query() != null,
            key.sourceIP() != null);
    if (!one) {
      return false;
    }
    if (key.header() != null) {
      ValueRules.headerName(at.key("header"), key.header());
    }
    if (key.cookie() != null) {
      cookie(at.key("cookie"), key.cookie());
    }
    if (key.query() != null && key.query().isEmpty()) {
      at.key("query").error("a query parameter's name is not empty; write such as user");
    }
    if (Boolean.FALSE.equals(key.sourceIP())) {
      at.key("sourceIP").error("false leaves nothing to look at; write true, or remove the key");
    }
    return true;
  }

  private static void cookie(At at, HashKey.Cookie cookie) {
    if (!Names.isToken(cookie.name())) {
      at.key("name").error("\"" + cookie.name() + "\" is not a cookie name; write such as session");
    }
    Duration ttl = cookie.ttl();
    if (ttl != null && ttl.toMillisPart() != 0) {
      at.key("ttl").error("a cookie's life counts in whole seconds; write such as 1h");
    }
  }
}
