package dev.sluice.server.xds;

import java.time.Duration;
import java.util.List;

/**
 * To how many proxies of a group a changed configuration goes before it goes to all.
 *
 * @param shares at least one, of the proxies that the change concerns; each includes the one before
 * @param within how long those that were asked have to acknowledge it; positive
 */
public record Stages(List<Share> shares, Duration within) {
  /** How long proxies have unless told otherwise. */
  public static final Duration DEFAULT_WITHIN = Duration.ofSeconds(30);

  public Stages {
    shares = List.copyOf(shares);
    if (shares.isEmpty()) {
      throw new IllegalArgumentException("no share");
    }
    if (!within.isPositive()) {
      throw new IllegalArgumentException("not a positive time: " + within);
    }
  }

  /** A part of some proxies. */
  public sealed interface Share {
    /** How many of {@code proxies} it is: at least 1, and possibly more than there are. */
    int of(int proxies);
  }

  /**
   * A number of proxies.
   *
   * @param proxies at least 1
   */
  public record Count(int proxies) implements Share {
    public Count {
      if (proxies < 1) {
        throw new IllegalArgumentException("a share is of at least 1 proxy: " + proxies);
      }
    }

    @Override
    public int of(int all) {
      return proxies;
    }

    /** {@code 3}. */
    @Override
    public String toString() {
      return Integer.toString(proxies);
    }
  }

  /**
   * A percentage of them, rounded up.
   *
   * @param percent 1 to 100
   */
  public record Percentage(int percent) implements Share {
    private static final int WHOLE = 100;

    public Percentage {
      if (percent < 1 || percent > WHOLE) {
        throw new IllegalArgumentException("a percentage is within 1..100: " + percent);
      }
    }

    @Override
    public int of(int all) {
      return Math.ceilDiv(Math.multiplyExact(all, percent), WHOLE);
    }

    /** {@code 10%}. */
    @Override
    public String toString() {
      return percent + "%";
    }
  }
}
