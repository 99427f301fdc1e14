package dev.sluice.server.demo;

import java.util.Objects;

/**
 * What became of one request.
 *
 * @param endedAt {@link System#nanoTime} at its end
 * @param nanos how long it took
 * @param version version that answered; empty for a failure
 * @param instance instance that answered; empty for a failure
 * @param failure why it failed; empty when it was answered with 200
 */
record Sample(long endedAt, long nanos, String version, String instance, String failure) {
  Sample {
    Objects.requireNonNull(version);
    Objects.requireNonNull(instance);
    Objects.requireNonNull(failure);
  }

  static Sample answered(long endedAt, long nanos, String version, String instance) {
    return new Sample(endedAt, nanos, version, instance, "");
  }

  static Sample failed(long endedAt, long nanos, String failure) {
    return new Sample(endedAt, nanos, "", "", failure);
  }

  boolean hasFailed() {
    return !failure.isEmpty();
  }
}
