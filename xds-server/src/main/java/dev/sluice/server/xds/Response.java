package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import java.util.List;

/**
 * What the server sends on a stream.
 *
 * @param version {@code version_info} or {@code system_version_info}
 * @param nonce made of the revision that it brings; see {@link Nonces}
 * @param resources sorted by name
 * @param removed {@code removed_resources}, sorted; always empty in the state of the world
 */
record Response(
    Variant variant,
    ResourceType type,
    String version,
    String nonce,
    List<Resource> resources,
    List<String> removed) {
  Response {
    resources = List.copyOf(resources);
    removed = List.copyOf(removed);
  }

  /** The same for a client that knows times to live. */
  Response expiring() {
    return resources.stream().allMatch(resource -> resource.ttl().isEmpty())
        ? this
        : new Response(
            variant,
            type,
            version,
            nonce,
            resources.stream().map(Resource::expiring).toList(),
            removed);
  }
}
