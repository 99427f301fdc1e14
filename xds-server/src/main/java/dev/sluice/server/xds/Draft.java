package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a response is made of.
 *
 * @param version {@code version_info} or {@code system_version_info}
 * @param resources what it holds, sorted by name
 * @param removed {@code removed_resources}, sorted
 * @param changes what it changes for the client
 * @param whole where the response is all that is wanted, to a client that was sent nothing yet
 */
record Draft(
    String version,
    List<Resource> resources,
    List<String> removed,
    Changes changes,
    Shared.@Nullable Whole whole) {
  Draft {
    resources = List.copyOf(resources);
    removed = List.copyOf(removed);
  }
}
