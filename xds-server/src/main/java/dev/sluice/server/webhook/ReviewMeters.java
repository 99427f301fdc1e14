package dev.sluice.server.webhook;

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
          outcome,
          Timer.builder("sluice.webhook.reviews")
              .description("Reviews by what was answered")
              .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
              .register(registry));
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
