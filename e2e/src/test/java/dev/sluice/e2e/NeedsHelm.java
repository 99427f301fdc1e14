package dev.sluice.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs Helm. Where there is none it is skipped, with the command that installs one; with
 * the system property {@code peers=required} it fails instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsHelm.Condition.class)
@interface NeedsHelm {
  /** Whether the binary is there. */
  final class Condition extends PeersCondition {
    Condition() {
      super(Helm.find(), "no Helm found; install it with: bin/peers install helm", required());
    }
  }
}
