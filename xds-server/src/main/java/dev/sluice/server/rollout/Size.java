package dev.sluice.server.rollout;

import dev.sluice.spec.InstanceShare;
import dev.sluice.spec.Percent;
import java.util.Objects;

/** How far a step of a canary goes. */
public sealed interface Size {
  /**
   * The new version has this share of the traffic.
   *
   * @param share in millionths
   */
  record OfTraffic(int share) implements Size {
    @Override
    public String toString() {
      return new Percent(share) + " %";
    }
  }

  /**
   * So many of its instances take part, each with as much as one of the other version.
   *
   * @param instances as written
   */
  record OfInstances(InstanceShare instances) implements Size {
    public OfInstances {
      Objects.requireNonNull(instances);
    }

    /** Whether this goes no further than {@code other}; those of different forms are unlike. */
    boolean isWithin(InstanceShare other) {
      return instances.isPercent() == other.isPercent() && instances.number() <= other.number();
    }

    @Override
    public String toString() {
      return instances + (instances.isPercent() ? " of the instances" : " instances");
    }
  }

  /** Whether the new version has all of the traffic then. */
  default boolean isWhole() {
    return switch (this) {
      case OfTraffic(int share) -> share == Shares.WHOLE;
      case OfInstances(InstanceShare instances) -> instances.equals(InstanceShare.ALL);
    };
  }
}
