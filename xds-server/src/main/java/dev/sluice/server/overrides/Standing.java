package dev.sluice.server.overrides;

import dev.sluice.catalog.ServiceId;
import dev.sluice.server.status.Acknowledged;
import java.util.List;

/**
 * How an instance stands by now.
 *
 * @param service its service
 * @param instance the instance, for people
 * @param overrides those in force that are about it, in snapshots that are out
 * @param proxies those that ask for the service's instances, and whether they have the newest
 */
public record Standing(
    ServiceId service, String instance, List<Held> overrides, List<Acknowledged> proxies) {
  public Standing {
    overrides = List.copyOf(overrides);
    proxies = List.copyOf(proxies);
  }
}
