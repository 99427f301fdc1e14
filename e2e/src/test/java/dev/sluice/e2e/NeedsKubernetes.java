package dev.sluice.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
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
    Condition() {
      super(
          PodNetwork.isThere() ? KubernetesBinaries.find() : Optional.empty(),
          PodNetwork.isThere()
              ? "no Kubernetes found; install it with: " + KubernetesBinaries.INSTALL_COMMAND
              : PodNetwork.MISSING,
          required());
    }
  }
}
