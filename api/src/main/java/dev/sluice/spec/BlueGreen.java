package dev.sluice.spec;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.rollout.blueGreen}: two versions, of which one has all of the traffic. To change
 * {@code active} flips it.
 *
 * @param active the version that is to have the traffic
 * @param standby the other one
 * @param gate what has to hold of the version that is to have it, before it has; null for the
 *     defaults
 * @param keepStandby how long the version that had the traffic is kept at hand after a flip; null
 *     for 30m
 * @param preview which requests reach the version that has no traffic; null for none
 */
public record BlueGreen(
    @Required String active,
    @Required String standby,
    @Nullable Gate gate,
    @Nullable Duration keepStandby,
    @Nullable Preview preview) {
  public BlueGreen {
    Objects.requireNonNull(active);
    Objects.requireNonNull(standby);
  }

  /**
   * {@code spec.rollout.blueGreen.gate}.
   *
   * @param minReady so many instances are ready, at least 1; null for 1
   * @param minReadyPercent of all instances of the version, so many are ready; null for 100
   * @param stableFor for how long without a break; null for 10s
   * @param timeout after which the flip is given up, longer than {@code stableFor}; null for 5m
   */
  public record Gate(
      @Nullable Integer minReady,
      @Nullable Percent minReadyPercent,
      @Nullable Duration stableFor,
      @Nullable Duration timeout) {}

  /**
   * {@code spec.rollout.blueGreen.preview}: exactly one is given.
   *
   * @param header requests with this header
   * @param host requests to this host, at the gateways of {@code attach} beside its hosts
   */
  public record Preview(@Nullable Header header, @Nullable String host) {
    /** The name of the route by which these requests go, which no other route may have. */
    public static final String ROUTE = "rollout-preview";
  }

  /**
   * {@code spec.rollout.blueGreen.preview.header}.
   *
   * @param name of the header, ignoring case
   * @param exact its value
   */
  public record Header(@Required String name, @Required String exact) {
    public Header {
      Objects.requireNonNull(name);
      Objects.requireNonNull(exact);
    }
  }
}
