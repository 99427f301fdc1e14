package dev.sluice.server.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Since when proxies have been behind, from one look to the next. One thread at a time uses it. */
final class Lateness {
  /** A replica that has not told of the newest state tells within this, or is late itself. */
  private static final Duration TELLING = Duration.ofSeconds(10);

  private Map<String, Late> late = new HashMap<>();

  /**
   * One that is behind.
   *
   * @param replica the one that told of it; null for this one
   */
  private record Late(Instant since, @Nullable String replica) {}

  /**
   * Notes who is behind.
   *
   * @return since when all of these have been so, look for look; now for nobody
   */
  Instant since(Confirmation confirmation, Instant now) {
    Map<String, Late> all = new HashMap<>();
    for (String proxy : confirmation.behind()) {
      Instant since = Optional.ofNullable(late.get(proxy)).map(Late::since).orElse(now);
      all.put(proxy, new Late(since, confirmation.elsewhere().get(proxy)));
    }
    Instant latest = all.values().stream().map(Late::since).max(Instant::compareTo).orElse(now);
    late.forEach(
        (proxy, before) -> {
          if (mayBeBehind(before, all, now)) {
            all.putIfAbsent(proxy, before);
          }
        });
    late = all;
    return latest;
  }

  /** Whether its replica is about to tell of it again. */
  private static boolean mayBeBehind(Late one, Map<String, Late> all, Instant now) {
    Late replica = one.replica() == null ? null : all.get(AllReplicas.untold(one.replica()));
    return replica != null && now.isBefore(replica.since().plus(TELLING));
  }
}
