package dev.sluice.server.admin;

import dev.sluice.server.settings.ServerSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** A running server, as the commands that start one see it. */
public interface ControlPlane extends AutoCloseable {
  /** Where proxies connect, with the port that is really listened on. */
  InetSocketAddress xdsAddress();

  /** Where the admin API is, with the port that is really listened on. */
  InetSocketAddress adminAddress();

  /** Where probes and metrics are served beside the admin API, if the settings say so. */
  Optional<InetSocketAddress> telemetryAddress();

  /** Where API servers ask whether an object may be stored, if the settings say so. */
  Optional<InetSocketAddress> webhookAddress();

  /** What the admin API shows, without the detour over HTTP. */
  AdminViews views();

  /**
   * Sends the proxies elsewhere: takes no new stream, and ends those that are open evenly over the
   * time that the settings give it. Returns when the last has ended; the server is then to be
   * closed.
   */
  void drain();

  /** Stops the server at once; proxies go on with what they have. */
  @Override
  void close();

  /** Starts a server. */
  @FunctionalInterface
  interface Starter {
    /**
     * Starts a server; returns once it listens, which is before its sources have synced.
     *
     * @throws IOException when an address cannot be listened on, or a TLS file cannot be used; the
     *     message names it
     */
    ControlPlane start(ServerSettings settings) throws IOException;
  }
}
