package dev.sluice.catalog;

import java.util.Objects;

/**
 * Where something runs ({@code envoy.config.core.v3.Locality}).
 *
 * @param region such as {@code eu-west-1}; empty when unknown
 * @param zone within the region; empty when unknown
 */
public record Locality(String region, String zone) implements Comparable<Locality> {
  /** Nothing is known. */
  public static final Locality UNKNOWN = new Locality("", "");

  public Locality {
    Objects.requireNonNull(region);
    Objects.requireNonNull(zone);
  }

  @Override
  public int compareTo(Locality other) {
    int byRegion = region.compareTo(other.region);
    return byRegion != 0 ? byRegion : zone.compareTo(other.zone);
  }
}
