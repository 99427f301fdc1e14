package dev.sluice.server.status;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A connected proxy and how far it is.
 *
 * @param id what it calls itself ({@code node.id})
 * @param group what decides its view
 * @param software what it runs, such as {@code envoy 1.36.0}; empty when it does not say
 * @param since when it connected
 * @param served all that it and its like are to have
 * @param types in the order in which they are sent
 */
public record ProxyStatus(
    String id,
    NodeGroup group,
    String software,
    Instant since,
    Snapshot served,
    List<TypeStatus> types) {
  public ProxyStatus {
    Objects.requireNonNull(id);
    Objects.requireNonNull(group);
    Objects.requireNonNull(software);
    Objects.requireNonNull(since);
    Objects.requireNonNull(served);
    types = List.copyOf(types);
  }

  /** Whether it has acknowledged the newest of everything that it asked for. */
  public boolean synced() {
    return types.stream()
        .allMatch(type -> type.state() == SyncState.SYNCED || type.state() == SyncState.NOT_SENT);
  }
}
