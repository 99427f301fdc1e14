package dev.sluice.server.explain;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import java.util.Optional;
import java.util.SortedSet;

/** The resources that a proxy routes by. */
interface Held {
  /** The resource of that type and name, if there is one. */
  Optional<Resource> resource(ResourceType type, String name);

  /** The names of all that there are of that type. */
  SortedSet<String> names(ResourceType type);
}
