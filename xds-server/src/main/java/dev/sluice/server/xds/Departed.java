package dev.sluice.server.xds;

import dev.sluice.node.NodeGroup;
import java.time.Instant;
import java.util.Objects;

/**
 * A proxy whose last stream has ended, and that has not come back.
 *
 * @param id {@code node.id}
 * @param group what decided its view
 * @param userAgent name and version, as the proxy said them
 * @param connectedSince when its last stream was opened
 * @param at when that ended
 * @param why how it ended, for people to read
 */
public record Departed(
    String id, NodeGroup group, String userAgent, Instant connectedSince, Instant at, String why) {
  public Departed {
    Objects.requireNonNull(id);
    Objects.requireNonNull(group);
    Objects.requireNonNull(userAgent);
    Objects.requireNonNull(connectedSince);
    Objects.requireNonNull(at);
    Objects.requireNonNull(why);
  }
}
