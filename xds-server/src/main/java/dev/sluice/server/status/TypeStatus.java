package dev.sluice.server.status;

import dev.sluice.server.snapshot.ResourceVersions;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far a proxy is with one type of resource.
 *
 * @param type such as {@code clusters}
 * @param state whether it has the newest
 * @param behind for how long it has not had it; zero when synced or not sent
 * @param sent version of what it was sent last; empty when nothing was
 * @param acknowledged version of what it acknowledged last; empty when it has not
 * @param refusal why it refused what it was sent last, where it did
 * @param resources what it was sent, by name; shared by the proxies that were sent the same
 * @param waitsFor what holds back what is to come, for people to read; empty when nothing does
 */
public record TypeStatus(
    String type,
    SyncState state,
    Duration behind,
    String sent,
    String acknowledged,
    Optional<Refusal> refusal,
    SortedMap<String, ResourceVersions> resources,
    String waitsFor) {
  public TypeStatus {
    Objects.requireNonNull(waitsFor);
    Objects.requireNonNull(type);
    Objects.requireNonNull(state);
    Objects.requireNonNull(behind);
    Objects.requireNonNull(sent);
    Objects.requireNonNull(acknowledged);
    Objects.requireNonNull(refusal);
    resources = Collections.unmodifiableSortedMap(resources);
  }

  /** The version of each resource as the proxy uses it, by name; empty where it has none. */
  public SortedMap<String, String> inUse() {
    SortedMap<String, String> versions = new TreeMap<>();
    resources.forEach((name, resource) -> versions.put(name, resource.acknowledged()));
    return versions;
  }
}
