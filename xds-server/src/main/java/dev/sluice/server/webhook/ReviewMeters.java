package dev.sluice.server.webhook;

import dev.sluice.server.meters.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Counts reviews by what was answered, and how long that took. */
final class ReviewMeters {
  /** What became of a review. */
  enum Outcome {
    ALLOWED,
    DENIED,
    ILLEGIBLE
  }

  private final Map<Outcome, Timer> reviews = new EnumMap<>(Outcome.class);

  ReviewMeters(MeterRegistry registry) {
    for (Outcome outcome : Outcome.values()) {
      reviews.put(
          outcome, Meter.WEBHOOK_REVIEWS.timer(registry, outcome.name().toLowerCase(Locale.ROOT)));
    }
  }

  /**
   * A review was answered.
   *
   * @param began by {@link System#nanoTime}
   */
  void answered(Outcome outcome, long began) {
    Objects.requireNonNull(reviews.get(outcome))
        .record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
  }
}
