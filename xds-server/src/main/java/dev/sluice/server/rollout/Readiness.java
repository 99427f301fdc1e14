package dev.sluice.server.rollout;

/**
 * The instances of a version.
 *
 * @param ready so many may be called
 * @param total so many there are
 */
public record Readiness(int ready, int total) {
  /** There are none. */
  public static final Readiness NONE = new Readiness(0, 0);
}
