package dev.sluice.server.admin;

import dev.sluice.server.settings.HostPort;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Serves health and metrics over HTTP, and nothing else: what other machines may see, where the
 * admin API is for this one alone.
 */
public final class TelemetryServer implements AutoCloseable {
  private final HttpListener listener;

  private TelemetryServer(HttpListener listener) {
    this.listener = listener;
  }

  /**
   * Serves until it is closed.
   *
   * @param address where; port 0 lets the system choose
   * @throws IOException when the address cannot be listened on; the message names it
   */
  public static TelemetryServer start(
      HostPort address, AdminViews views, PrometheusMeterRegistry metrics) throws IOException {
    return new TelemetryServer(
        HttpListener.start(
            "telemetry", Connector.at(address, null), new Telemetry(views, metrics)::addTo));
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return listener.address();
  }

  @Override
  public void close() {
    listener.close();
  }
}
