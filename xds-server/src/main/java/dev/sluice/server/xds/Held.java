package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import java.util.Optional;

/**
 * A resource that has left the snapshot, or lost its last instance, but not for the client.
 *
 * @param resource as the client has it; empty where that is not known
 * @param since the publication that took it away
 */
record Held(Optional<Resource> resource, long since) {}
