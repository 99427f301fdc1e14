package dev.sluice.server.rollout;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Since when proxies have been behind, from one look to the next. One thread at a time uses it. */
final class Lateness {
  private final Map<String, Instant> since = new HashMap<>();

  /**
   * Notes who is behind.
   *
   * @return since when all of these have been so, look for look; now for nobody
   */
  Instant since(Set<String> behind, Instant now) {
    since.keySet().retainAll(behind);
    behind.forEach(proxy -> since.putIfAbsent(proxy, now));
    return since.values().stream().max(Instant::compareTo).orElse(now);
  }
}
