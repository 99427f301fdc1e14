package dev.sluice.server.app;

import dev.sluice.server.meters.Meter;
import dev.sluice.server.rollout.Phase;
import dev.sluice.server.rollout.RolloutMetrics;
import dev.sluice.server.rollout.Rollouts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The meters of rollouts. */
final class RolloutMeters implements RolloutMetrics {
  private final MeterRegistry registry;
  private final Map<Phase, Counter> phases = new EnumMap<>(Phase.class);
  private final Timer acks;

  RolloutMeters(MeterRegistry registry) {
    this.registry = registry;
    this.acks = Meter.ROLLOUT_ACKS.timer(registry);
    for (Phase phase : Phase.values()) {
      phases.put(phase, Meter.ROLLOUT_PHASES.counter(registry, word(phase)));
    }
  }

  void bind(Rollouts rollouts) {
    for (Phase phase : Phase.values()) {
      Meter.ROLLOUTS.gauge(
          registry, () -> rollouts.tallied().byPhase().getOrDefault(phase, 0), word(phase));
    }
    Meter.ROLLOUTS_PAUSED.gauge(registry, () -> rollouts.tallied().paused());
  }

  private static String word(Phase phase) {
    return phase.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void began(Phase phase) {
    Objects.requireNonNull(phases.get(phase)).increment();
  }

  @Override
  public void acknowledged(Duration took) {
    acks.record(took);
  }
}
