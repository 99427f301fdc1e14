package dev.sluice.server.xds;

import dev.sluice.server.snapshot.ResourceType;

/** How a proxy is connected: the variant of the protocol, and how many types a stream has. */
enum Wire {
  SOTW_AGGREGATED("State of the world, aggregated", Variant.STATE_OF_THE_WORLD),
  SOTW_ONE_TYPE("State of the world, one type", Variant.STATE_OF_THE_WORLD),
  DELTA_AGGREGATED("Delta, aggregated", Variant.DELTA),
  DELTA_ONE_TYPE("Delta, one type", Variant.DELTA);

  private final String title;
  final Variant variant;

  Wire(String title, Variant variant) {
    this.title = title;
    this.variant = variant;
  }

  boolean aggregated() {
    return this == SOTW_AGGREGATED || this == DELTA_AGGREGATED;
  }

  boolean delta() {
    return variant == Variant.DELTA;
  }

  /** Whether the protocol has that type on such a stream. */
  boolean has(ResourceType type) {
    return type != ResourceType.VIRTUAL_HOST || delta();
  }

  @Override
  public String toString() {
    return title;
  }
}
