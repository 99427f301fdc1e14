package dev.sluice.e2e;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs a real kube-apiserver. Where there is none it is skipped, with the command that
 * installs one; with the system property {@code peers=required} it fails instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsKubernetes.Condition.class)
@interface NeedsKubernetes {
  /** Whether the binaries are there, and the network in which pods have addresses. */
  final class Condition extends PeersCondition {
    private static final String POD = "10.244.255.254";

    Condition() {
      super(peer(), missing(), required());
    }

    private static Optional<Path> peer() {
      return hasPodNetwork() ? KubernetesBinaries.find() : Optional.empty();
    }

    private static String missing() {
      return hasPodNetwork()
          ? "no Kubernetes found; install it with: " + KubernetesBinaries.INSTALL_COMMAND
          : "this process has no network in which pods have addresses; run the tests by Maven on a"
              + " Linux with user namespaces (e2e/network/bin/java makes one)";
    }

    private static boolean hasPodNetwork() {
      try (ServerSocket _ = new ServerSocket(0, 1, InetAddress.getByName(POD))) {
        return true;
      } catch (IOException e) {
        return false;
      }
    }
  }
}
