package dev.sluice.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs a real Prometheus or its promtool. Where there is none it is skipped, with the
 * command that installs one; with the system property {@code peers=required} it fails instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsPrometheus.Condition.class)
@interface NeedsPrometheus {
  /** Whether the binaries are there. */
  final class Condition extends PeersCondition {
    Condition() {
      super(PrometheusBinaries.find(), PrometheusBinaries.MISSING, required());
    }
  }
}
