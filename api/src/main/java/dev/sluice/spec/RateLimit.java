package dev.sluice.spec;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code rateLimit}: how many requests are let through.
 *
 * @param local counted by each proxy for itself; null for no limit
 * @param global counted for all gateways together by {@link Gateway.Spec#rateLimitService}, each
 *     for itself; empty for no limit
 */
public record RateLimit(@Nullable Local local, List<Global> global) {
  public RateLimit {
    global = List.copyOf(global);
  }

  /**
   * {@code rateLimit.local} ({@code
   * envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit}).
   *
   * @param requests at least 1
   * @param per the time in which there may be as many, at least 50ms
   * @param burst how many at once after a quiet time, at least 1; null for {@code requests}
   * @param side whose proxy counts; null for {@code outbound}
   */
  public record Local(
      @Nullable Integer requests,
      @Nullable Duration per,
      @Nullable Integer burst,
      @Nullable Side side) {}

  /** Whose proxy counts. */
  public enum Side {
    /** The caller's, or the gateway. */
    OUTBOUND,
    /** That beside the called instance. */
    INBOUND
  }

  /**
   * {@code rateLimit.global[]} ({@code envoy.config.route.v3.RateLimit}).
   *
   * @param name a DNS label, unique within the list; a limit of another name counts from nothing
   * @param key what of a request says with which others it is counted, at most 4; empty for all
   *     requests together
   * @param requests at least 1
   * @param per the time in which there may be as many: 1s, 1m, 1h or 24h
   */
  public record Global(
      @Required String name,
      List<LimitKey> key,
      @Required Integer requests,
      @Required Duration per) {
    public Global {
      Objects.requireNonNull(name);
      key = List.copyOf(key);
      Objects.requireNonNull(requests);
      Objects.requireNonNull(per);
    }
  }

  /**
   * {@code rateLimit.global[].key[]}: exactly one is given. Requests of equal values are counted
   * together, and so are those that lack it.
   *
   * @param header a header's name, ignoring case
   * @param query a query parameter's name
   * @param remoteAddress true for the client's address, as {@link ClientLimits#trustedHops} says
   */
  public record LimitKey(
      @Nullable String header, @Nullable String query, @Nullable Boolean remoteAddress) {}

  /** The times in which a rate-limit service counts. */
  public enum Unit {
    SECOND(Duration.ofSeconds(1)),
    MINUTE(Duration.ofMinutes(1)),
    HOUR(Duration.ofHours(1)),
    DAY(Duration.ofDays(1));

    private final Duration length;

    Unit(Duration length) {
      this.length = length;
    }

    /** The unit that is as long as {@code per}; empty where there is none. */
    public static Optional<Unit> of(Duration per) {
      for (Unit unit : values()) {
        if (unit.length.equals(per)) {
          return Optional.of(unit);
        }
      }
      return Optional.empty();
    }
  }
}
