package dev.sluice.server.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What the server is told at its start, every default filled in.
 *
 * @param files directories of documents that are watched
 * @param xds where proxies connect; port 0 lets the system choose
 * @param admin where the commands, probes and Prometheus connect; port 0 lets the system choose
 */
public record ServerSettings(List<Path> files, HostPort xds, HostPort admin) {
  /** Where proxies connect unless told otherwise: only from this machine. */
  public static final HostPort DEFAULT_XDS = new HostPort("127.0.0.1", 18000);

  /** Where the commands connect unless told otherwise: only from this machine. */
  public static final HostPort DEFAULT_ADMIN = new HostPort("127.0.0.1", 18001);

  public ServerSettings {
    files = List.copyOf(files);
    Objects.requireNonNull(xds);
    Objects.requireNonNull(admin);
  }
}
