package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Folders of the peers that are built from Go modules, as {@code bin/peers} looks for them. */
final class PeerFolder {
  private PeerFolder() {}

  /** The folder that has all binaries of a peer, or empty where there is none. */
  static Optional<Path> find(String peer, List<String> binaries) {
    String named = System.getenv().getOrDefault("SLUICE_" + peer.toUpperCase(Locale.ROOT), "");
    if (!named.isEmpty()) {
      return Optional.of(Path.of(named)).filter(folder -> hasAll(folder, binaries));
    }
    String peers = System.getenv().getOrDefault("SLUICE_PEERS", "");
    Path folder =
        (peers.isEmpty() ? EnvoyProcess.repository().resolve(".peers") : Path.of(peers))
            .resolve(peer);
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(folder)) {
      return versions.filter(version -> hasAll(version, binaries)).max(Comparator.naturalOrder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean hasAll(Path folder, List<String> binaries) {
    return binaries.stream().allMatch(name -> Files.isExecutable(folder.resolve(name)));
  }
}
