package dev.sluice.server.rollback;

import dev.sluice.server.pipeline.HeldBack;
import dev.sluice.server.pipeline.Pin;
import java.util.List;
import java.util.Optional;

/**
 * Whether an earlier revision holds.
 *
 * @param pin what holds; empty where nothing is pinned
 * @param held what is otherwise in force than it is told
 */
public record PinStanding(Optional<Pin> pin, List<HeldBack> held) {
  public PinStanding {
    held = List.copyOf(held);
  }
}
