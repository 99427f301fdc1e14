package dev.sluice.server.rollback;

import dev.sluice.server.pipeline.HeldBack;
import dev.sluice.server.pipeline.Pin;
import dev.sluice.server.status.Acknowledged;
import java.util.List;
import java.util.Optional;

/**
 * Whether an earlier revision holds, and what comes of it.
 *
 * @param pin what holds; empty where nothing is pinned
 * @param held what is otherwise in force than it is told
 * @param proxies every proxy, and whether it has the newest
 */
public record PinStanding(Optional<Pin> pin, List<HeldBack> held, List<Acknowledged> proxies) {
  public PinStanding {
    held = List.copyOf(held);
    proxies = List.copyOf(proxies);
  }
}
