package dev.sluice.server.overrides;

import dev.sluice.catalog.ServiceId;
import java.util.List;

/**
 * What was removed, or would be.
 *
 * @param service the instance's
 * @param instance the instance, for people
 * @param removed the documents; none where {@code sluice drain} wrote none
 * @param holding documents that keep requests away all the same, which people wrote
 */
public record Restored(ServiceId service, String instance, List<Held> removed, List<Held> holding) {
  public Restored {
    removed = List.copyOf(removed);
    holding = List.copyOf(holding);
  }
}
