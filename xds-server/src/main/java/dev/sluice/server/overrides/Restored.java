package dev.sluice.server.overrides;

import dev.sluice.catalog.ServiceId;
import java.util.List;

/**
 * What was removed, or would be.
 *
 * @param service the instance's
 * @param instance the instance, for people
 * @param removed the documents; none where {@code sluice drain} wrote none
 * @param gone documents that {@code sluice drain} wrote, which are read still and were removed by
 *     somebody else already
 * @param holding documents that keep requests away all the same, which people wrote
 */
public record Restored(
    ServiceId service, String instance, List<Held> removed, List<Held> gone, List<Held> holding) {
  public Restored {
    removed = List.copyOf(removed);
    gone = List.copyOf(gone);
    holding = List.copyOf(holding);
  }
}
