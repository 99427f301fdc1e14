package dev.sluice.spec;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What of a request decides its instance where that is picked by a consistent hash ({@code
 * envoy.config.route.v3.RouteAction.HashPolicy}): exactly one is given. Of a list of keys, the
 * first that the request has counts.
 *
 * @param header a header's name, ignoring case
 * @param cookie a cookie
 * @param query a query parameter's name
 * @param sourceIP true for the address that the connection comes from
 */
public record HashKey(
    @Nullable String header,
    @Nullable Cookie cookie,
    @Nullable String query,
    @Nullable Boolean sourceIP) {
  /**
   * {@code hash[].cookie}.
   *
   * @param name the cookie's name
   * @param ttl how long the cookie lives that is given to a caller without one, in whole seconds,
   *     0s for as long as the browser is open; null for giving none
   */
  public record Cookie(@Required String name, @Nullable Duration ttl) {
    public Cookie {
      Objects.requireNonNull(name);
    }
  }
}
