package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the binaries of a Kubernetes control plane are, as {@code bin/peers} looks for them. */
public final class KubernetesBinaries {
  /** The command that installs them, from the checkout's root. */
  public static final String INSTALL_COMMAND = "bin/peers install kubernetes";

  private static final List<String> NAMES =
      List.of("etcd", "kube-apiserver", "kube-controller-manager", "kubectl");

  private KubernetesBinaries() {}

  /** The folder that has all of them, or empty where there is none. */
  public static Optional<Path> find() {
    String named = System.getenv().getOrDefault("SLUICE_KUBERNETES", "");
    if (!named.isEmpty()) {
      return Optional.of(Path.of(named)).filter(KubernetesBinaries::isComplete);
    }
    String peers = System.getenv().getOrDefault("SLUICE_PEERS", "");
    Path folder =
        (peers.isEmpty() ? EnvoyProcess.repository().resolve(".peers") : Path.of(peers))
            .resolve("kubernetes");
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(folder)) {
      return versions.filter(KubernetesBinaries::isComplete).max(Comparator.naturalOrder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder; fails with the command that installs them. */
  static Path home() {
    return find()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no Kubernetes found; install it with: " + INSTALL_COMMAND));
  }

  private static boolean isComplete(Path folder) {
    return NAMES.stream().allMatch(name -> Files.isExecutable(folder.resolve(name)));
  }
}
