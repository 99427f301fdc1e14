package dev.sluice.server.pipeline;

import java.time.Instant;

/** Runs tasks at a time, on the catalog writer's thread. */
@FunctionalInterface
public interface Later {
  /** Runs {@code task} at {@code when}, or as soon as it can. */
  void at(Instant when, Runnable task);
}
