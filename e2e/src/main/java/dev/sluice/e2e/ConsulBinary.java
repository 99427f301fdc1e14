package dev.sluice.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where Consul's binary is, as {@code bin/peers} looks for it. */
public final class ConsulBinary {
  /** The command that installs it, from the checkout's root. */
  public static final String INSTALL_COMMAND = "bin/peers install consul";

  /** What to say where there is none. */
  static final String MISSING = "no Consul found; install it with: " + INSTALL_COMMAND;

  private ConsulBinary() {}

  /** The binary, or empty where there is none. */
  public static Optional<Path> find() {
    return PeerFolder.find("consul", List.of("consul")).map(folder -> folder.resolve("consul"));
  }

  /** The binary; fails with the command that installs it. */
  static Path path() {
    return find().orElseThrow(() -> new IllegalStateException(MISSING));
  }
}
