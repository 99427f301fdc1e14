package dev.sluice.server.overrides;

import java.util.Objects;
import java.util.Optional;

/**
 * Which instance is meant, and how careful to be.
 *
 * @param service {@code name} where one namespace alone has it, or {@code name.namespace}
 * @param instance as {@code sluice get services -o wide} shows it, or the name of a pod
 * @param source where the document is to be kept, {@code kind/name}; empty for the service's own
 * @param care whether what may be a mistake is done all the same
 * @param doing whether anything is done
 * @param from who asks, for the log
 */
public record OverrideRequest(
    String service, String instance, Optional<String> source, Care care, Doing doing, String from) {
  /** What becomes of what may be a mistake. */
  public enum Care {
    /** It is refused. */
    REFUSE,
    /** It is done. */
    FORCE
  }

  /** Whether anything is done. */
  public enum Doing {
    /** It is. */
    DO,
    /** It is only told what would be. */
    DRY_RUN
  }

  public OverrideRequest {
    Objects.requireNonNull(service);
    Objects.requireNonNull(instance);
    Objects.requireNonNull(source);
    Objects.requireNonNull(care);
    Objects.requireNonNull(doing);
    Objects.requireNonNull(from);
  }

  boolean isForced() {
    return care == Care.FORCE;
  }

  boolean isDryRun() {
    return doing == Doing.DRY_RUN;
  }
}
