package dev.sluice.server.explain;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What proxies of a group are to have.
 *
 * @param snapshot all of it
 */
record Served(Snapshot snapshot) implements Held {
  @Override
  public Optional<Resource> resource(ResourceType type, String name) {
    return snapshot.resource(type, name);
  }

  @Override
  public SortedSet<String> names(ResourceType type) {
    return new TreeSet<>(snapshot.resources(type).keySet());
  }
}
