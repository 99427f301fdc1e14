package dev.sluice.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the binaries of a Kubernetes control plane are, as {@code bin/peers} looks for them. */
public final class KubernetesBinaries {
  /** The command that installs them, from the checkout's root. */
  public static final String INSTALL_COMMAND = "bin/peers install kubernetes";

  private static final List<String> NAMES =
      List.of("etcd", "kube-apiserver", "kube-controller-manager", "kubectl");

  private KubernetesBinaries() {}

  /** The folder that has all of them, or empty where there is none. */
  public static Optional<Path> find() {
    return PeerFolder.find("kubernetes", NAMES);
  }

  /** The folder; fails with the command that installs them. */
  static Path home() {
    return find()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no Kubernetes found; install it with: " + INSTALL_COMMAND));
  }
}
