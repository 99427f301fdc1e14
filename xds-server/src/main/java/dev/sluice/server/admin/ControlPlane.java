package dev.sluice.server.admin;

import dev.sluice.server.settings.ServerSettings;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A running server, as the commands that start one see it. */
public interface ControlPlane extends AutoCloseable {
  /** Where proxies connect, with the port that is really listened on. */
  InetSocketAddress xdsAddress();

  /** Where the admin API is, with the port that is really listened on. */
  InetSocketAddress adminAddress();

  /** What the admin API shows, without the detour over HTTP. */
  AdminViews views();

  /** Stops the server; proxies go on with what they have. */
  @Override
  void close();

  /** Starts a server. */
  @FunctionalInterface
  interface Starter {
    /**
     * Starts a server; returns once it listens, which is before its sources have synced.
     *
     * @throws IOException when an address cannot be listened on; the message names it
     */
    ControlPlane start(ServerSettings settings) throws IOException;
  }
}
