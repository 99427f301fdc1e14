package dev.sluice.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs a real Consul. Where there is none it is skipped, with the command that installs
 * one; with the system property {@code peers=required} it fails instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsConsul.Condition.class)
@interface NeedsConsul {
  /** Whether the binary is there, and the network in which instances have addresses. */
  final class Condition extends PeersCondition {
    Condition() {
      super(
          PodNetwork.isThere() ? ConsulBinary.find() : Optional.empty(),
          PodNetwork.isThere() ? ConsulBinary.MISSING : PodNetwork.MISSING,
          required());
    }
  }
}
