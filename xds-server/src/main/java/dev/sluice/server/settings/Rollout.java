package dev.sluice.server.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code rollout}: a changed configuration comes to some proxies of a group before it comes to all.
 *
 * @param first whom it comes to first
 * @param then whom it comes to next; null for all
 * @param within how long those that are asked have to acknowledge it; null for 30s
 */
public record Rollout(ProxyShare first, @Nullable ProxyShare then, @Nullable Duration within) {
  public Rollout {
    if (within != null && !within.isPositive()) {
      throw new IllegalArgumentException("within must be longer than 0s");
    }
  }
}
