package dev.sluice.policy.attach;

import dev.sluice.catalog.ServiceId;
import dev.sluice.spec.Percent;
import java.util.Objects;

/**
 * {@link dev.sluice.spec.Mirror}, every default filled in.
 *
 * @param target who gets the copies
 * @param percent of the requests that are copied, above 0
 */
public record MirrorPolicy(Target target, Percent percent) {
  public MirrorPolicy {
    Objects.requireNonNull(target);
    Objects.requireNonNull(percent);
  }

  /** Who gets copies. */
  public sealed interface Target {
    /** A version of the service itself. */
    record OfVersion(String version) implements Target {
      public OfVersion {
        Objects.requireNonNull(version);
      }
    }

    /** Another service, which need not exist. */
    record OfService(ServiceId service) implements Target {
      public OfService {
        Objects.requireNonNull(service);
      }
    }
  }
}
