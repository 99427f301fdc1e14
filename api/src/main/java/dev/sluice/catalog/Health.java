package dev.sluice.catalog;

/**
 * An instance's readiness, as its source says it (policy.md, section 3, health); the readier comes
 * first.
 */
public enum Health {
  /** Takes new requests. */
  HEALTHY,
  /** Finishes what it has and takes nothing new. */
  DRAINING,
  /** Known, but not to be sent anything. */
  UNHEALTHY
}
