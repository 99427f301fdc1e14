package dev.sluice.server.rollout;

import java.time.Duration;

/** Is told of what becomes of the rollouts that this server carries out. */
public interface RolloutMetrics {
  /** Nobody counts. */
  RolloutMetrics NONE =
      new RolloutMetrics() {
        @Override
        public void began(Phase phase) {}

        @Override
        public void acknowledged(Duration took) {}
      };

  /** A rollout has come to another phase, or has begun with it. */
  void began(Phase phase);

  /** Every proxy that is not excepted has changed shares, so long after they changed. */
  void acknowledged(Duration took);
}
