package dev.sluice.server.status;

import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.xds.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads what the streams say of themselves as people ask for it: synced, stale and for how long,
 * refused and because of which document.
 *
 * <p>Any thread may call it.
 */
public final class ProxyStatuses {
  private final Supplier<List<NodeStatus>> streams;
  private final InstantSource clock;

  /**
   * Statuses of the proxies behind {@code streams}.
   *
   * @param streams every connected proxy
   * @param clock tells for how long a proxy has been behind
   */
  public ProxyStatuses(Supplier<List<NodeStatus>> streams, InstantSource clock) {
    this.streams = streams;
    this.clock = clock;
  }

  /** Every connected proxy, in the order of the streams. */
  public List<ProxyStatus> current() {
    Instant now = clock.instant();
    return streams.get().stream().map(node -> status(node, now)).toList();
  }

  private ProxyStatus status(NodeStatus node, Instant now) {
    List<TypeStatus> types = new ArrayList<>();
    node.types()
        .forEach(
            (type, status) -> {
              Duration behind =
                  status
                      .behindSince()
                      .map(since -> Duration.between(since, now))
                      .orElse(Duration.ZERO);
              types.add(typeStatus(type, status, node.served(), behind));
            });
    return new ProxyStatus(
        node.id(), node.group(), node.userAgent(), node.connectedSince(), node.served(), types);
  }

  private static TypeStatus typeStatus(
      ResourceType type, NodeStatus.TypeStatus status, Snapshot snapshot, Duration behind) {
    SyncState state = state(status, snapshot.resources(type).isEmpty());
    Optional<Refusal> refusal =
        state == SyncState.NACKED
            ? status.lastNack().map(ProxyStatuses::refusal)
            : Optional.empty();
    return new TypeStatus(
        name(type),
        state,
        state == SyncState.NOT_SENT ? Duration.ZERO : behind,
        status.sentVersion(),
        status.ackedVersion(),
        refusal,
        status.resources(),
        status.waitsFor());
  }

  private static SyncState state(NodeStatus.TypeStatus status, boolean nothingToSend) {
    if (status.sentVersion().isEmpty() && (nothingToSend || status.names().isEmpty())) {
      return SyncState.NOT_SENT;
    }
    return switch (status.sync()) {
      case SYNCED -> SyncState.SYNCED;
      case WAITING -> SyncState.STALE;
      case REFUSED -> SyncState.NACKED;
    };
  }

  private static Refusal refusal(NodeStatus.Nack nack) {
    return new Refusal(nack.message(), nack.at(), nack.names(), nack.documents());
  }

  /** A type as the commands call it, such as {@code clusters}. */
  public static String name(ResourceType type) {
    return type.name().toLowerCase(Locale.ROOT).replace('_', '-') + "s";
  }
}
