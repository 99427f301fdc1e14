package dev.sluice.server.rollout;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Since when proxies have been behind, from one look to the next. One thread at a time uses it. */
final class Lateness {
  private Map<String, Instant> since = new HashMap<>();

  /**
   * Notes who is behind.
   *
   * @return since when all of these have been so, look for look; now for nobody
   */
  Instant since(Set<String> behind, Instant now) {
    Map<String, Instant> all = HashMap.newHashMap(behind.size());
    behind.forEach(proxy -> all.put(proxy, since.getOrDefault(proxy, now)));
    since = all;
    return all.values().stream().max(Instant::compareTo).orElse(now);
  }
}
