package dev.sluice.policy.attach;

import dev.sluice.spec.RateLimit;
import dev.sluice.spec.RateLimit.LimitKey;
import dev.sluice.spec.RateLimit.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * {@link RateLimit.Global}, under a name of its own.
 *
 * @param id the policy's namespace and name, the route's where it is a route's, and the limit's: no
 *     other limit has it, whichever services and policies a gateway has
 * @param key what of a request says with which others it is counted
 * @param requests at least 1
 * @param per the time in which there may be as many
 */
public record GlobalLimitPolicy(String id, List<LimitKey> key, int requests, Unit per) {
  public GlobalLimitPolicy {
    Objects.requireNonNull(id);
    key = List.copyOf(key);
    Objects.requireNonNull(per);
  }

  /**
   * The limits of {@code given}; those of a time in which no service counts are left out.
   *
   * @param owner what their names are unique within
   */
  static List<GlobalLimitPolicy> of(RateLimit given, String owner) {
    List<GlobalLimitPolicy> limits = new ArrayList<>();
    for (RateLimit.Global each : given.global()) {
      Unit.of(each.per())
          .map(
              per ->
                  new GlobalLimitPolicy(
                      owner + "/" + each.name(), each.key(), each.requests(), per))
          .ifPresent(limits::add);
    }
    return limits;
  }
}
