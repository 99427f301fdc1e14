package dev.sluice.server.conditions.consul;

import dev.sluice.server.conditions.StoreException;
import dev.sluice.server.conditions.StoreException.Extent;
import dev.sluice.server.consul.ConsulException;
import java.net.HttpURLConnection;

/** What Consul's failures to write are about. */
final class Failures {
  private static final int BYTES = 1024;

  private Failures() {}

  /**
   * What it says.
   *
   * @param written what was to be written
   * @param instead what to do where that is too much
   */
  static StoreException of(ConsulException e, String written, String instead) {
    if (e.code() == HttpURLConnection.HTTP_ENTITY_TOO_LARGE) {
      return new StoreException(
          Extent.SIZE,
          "%d kB are more than Consul takes for a value (413); %s"
              .formatted(written.length() / BYTES, instead),
          e);
    }
    return of(e);
  }

  /** What it says. */
  static StoreException of(ConsulException e) {
    boolean answered = e.code() / 100 == 4;
    boolean all =
        !answered
            || e.code() == HttpURLConnection.HTTP_UNAUTHORIZED
            || e.code() == HttpURLConnection.HTTP_FORBIDDEN
            || e.code() == 429;
    return new StoreException(all ? Extent.ALL : Extent.ONE, e.getMessage(), e);
  }
}
