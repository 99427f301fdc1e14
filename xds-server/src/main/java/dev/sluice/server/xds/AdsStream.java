package dev.sluice.server.xds;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.server.transport.Peer;
import dev.sluice.server.xds.XdsMetrics.Answer;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream: brings what the network, the feed of its group and the timer say to its {@link
 * SubscriptionState}, and the responses to the network, as fast as that takes them. It queues
 * nothing: what it has not sent is the difference between two editions.
 *
 * <p>Its lock guards all of its state.
 */
final class AdsStream {
  private static final Logger LOG = LoggerFactory.getLogger(AdsStream.class);
  private static final long TAKES = Long.MIN_VALUE;

  private final Variant variant;

  /** The type that a stream of a service of one type is for; empty for an aggregated stream. */
  private final Optional<ResourceType> only;

  private final ServerCallStreamObserver<EncodedResponse> client;
  private final StreamContext context;
  private final Peer peer;
  private final UnknownTypes unknownTypes = new UnknownTypes();

  private @Nullable Introduced connection;
  private @Nullable Edition seen;
  private @Nullable ScheduledFuture<?> timer;
  private long timerAt = Long.MAX_VALUE;
  private boolean closed;

  /** The node id that it gave, for the log; empty while there is none that can be shown. */
  private String introducedAs = "";

  /** Since when the network has taken nothing; {@link #TAKES} while it does. */
  private long stuckSince = TAKES;

  AdsStream(
      Variant variant,
      Optional<ResourceType> only,
      ServerCallStreamObserver<EncodedResponse> client,
      StreamContext context,
      Peer peer) {
    this.variant = variant;
    this.only = only;
    this.client = client;
    this.context = context;
    this.peer = peer;
    context.metrics().opened(variant);
  }

  /** Takes the node that a request carries; only a stream's first has to. */
  synchronized boolean introduced(Optional<ByteString> encoded, String typeUrl) {
    if (closed) {
      return false;
    }
    if (connection == null) {
      if (encoded.isEmpty()) {
        return refuse("the first request of a stream has no node");
      }
      try {
        Node node = Node.parseFrom(encoded.get());
        introducedAs = NodeGroup.isNodeId(node.getId()) ? node.getId() : "";
        ProxyNode proxy = ProxyNode.of(node);
        Optional<Status> denied = peer.refusal(proxy.id(), proxy.group());
        if (denied.isPresent()) {
          return refuse(denied.get());
        }
        connect(proxy);
      } catch (InvalidNodeException e) {
        return refuse(String.valueOf(e.getMessage()));
      } catch (InvalidProtocolBufferException e) {
        return refuse("node cannot be read: " + e.getMessage());
      }
    }
    return allowed(typeUrl);
  }

  private boolean allowed(String typeUrl) {
    if (only.isEmpty()) {
      return !typeUrl.isEmpty() || refuse("type_url is empty; an aggregated stream needs it");
    }
    ResourceType type = only.get();
    return typeUrl.isEmpty()
        || typeUrl.equals(type.typeUrl())
        || refuse(
            "type_url is %s; a stream of %s takes %s, or none"
                .formatted(typeUrl, type.shortName(), type.typeUrl()));
  }

  private void connect(ProxyNode node) {
    SotwSubscription.Reconnect reconnect =
        node.isProxyless()
            ? SotwSubscription.Reconnect.SENT_AGAIN
            : SotwSubscription.Reconnect.BELIEVED;
    // A stream of one type never hears of the others, so there is nothing that it could wait for.
    Duration deadline = only.isEmpty() ? context.makeBeforeBreakDeadline() : Duration.ZERO;
    SubscriptionState state = new SubscriptionState(variant, reconnect, deadline, context.shared());
    Feed feed = context.feeds().join(node.group(), this);
    connection =
        new Introduced(
            node,
            state,
            feed,
            context.clock().instant(),
            node.lifetimes().in(variant) ? Optional.of(new Heartbeats(variant)) : Optional.empty());
    context
        .departures()
        .came(node, variant + " " + only.map(ResourceType::shortName).orElse("ADS"));
  }

  private boolean refuse(String message) {
    return refuse(Status.INVALID_ARGUMENT.withDescription(message));
  }

  private boolean refuse(Status status) {
    String why = String.valueOf(status.getDescription());
    context
        .refused()
        .note(peer.toString(), introducedAs, why)
        .ifPresent(
            before ->
                LOG.warn(
                    "Stream of {} from {} refused: {}{}",
                    introducedAs.isEmpty() ? "a proxy without an id" : introducedAs,
                    peer,
                    why,
                    before == 0 ? "" : " (and " + before + " times more since this was told)"));
    end("refused: " + why);
    client.onError(status.asRuntimeException());
    return false;
  }

  /** Runs tasks on the thread that serves the client. */
  Executor thread() {
    return peer.thread();
  }

  /** Sends what the newest edition brings. */
  void push() {
    guarded(this::drain);
  }

  /** Whether it is a stream of a service of one type. */
  boolean isOfOneType() {
    return only.isPresent();
  }

  /** The type of a request's URL. One that is not served is counted, logged and passed over. */
  synchronized Optional<ResourceType> type(String typeUrl) {
    Optional<ResourceType> type = only.or(() -> ResourceType.ofTypeUrl(typeUrl));
    if (type.isEmpty()) {
      context.metrics().unknownType(typeUrl);
      if (unknownTypes.isToBeTold(typeUrl)) {
        LOG.warn("{} asks for {}, which is not served", name(), typeUrl);
      }
    }
    return type;
  }

  synchronized void request(Request request) {
    Introduced open = connection;
    if (open == null || closed) {
      return;
    }
    switch (open.state().request(request, now())) {
      case Reply.None none -> {}
      case Reply.Stale stale ->
          LOG.debug("{}: {} nonce {} is stale", name(), stale.type().shortName(), stale.nonce());
      case Reply.Ack ack -> {
        open.answered(context.metrics(), ack.type(), Answer.ACK, ack.tookNanos());
        open.feed().accepted(this, ack);
      }
      case Reply.Nack nack -> {
        open.answered(context.metrics(), nack.type(), Answer.NACK, nack.tookNanos());
        LOG.warn(
            "{} refused {} {} of {}: {}",
            name(),
            nack.type().shortName(),
            nack.version(),
            nack.names(),
            nack.message());
        quarantine(open, nack);
      }
    }
    drain();
  }

  private void quarantine(Introduced open, Reply.Nack nack) {
    var refusal =
        new Quarantine.Refusal(open.node().id(), nack.message(), context.clock().instant());
    for (Suspect suspect : open.feed().refused(this, nack, refusal)) {
      LOG.warn(
          "{} of {} is kept from proxies that have not got it, until it is edited: {}",
          suspect,
          open.node().group(),
          suspect.documents());
    }
  }

  /** Sends what is due while the network takes it, and sets the timer for what is due later. */
  synchronized void drain() {
    Introduced open = connection;
    if (open == null || closed) {
      return;
    }
    catchUp(open);
    long now = now();
    while (client.isReady()) {
      Optional<Response> response = open.state().next(now);
      if (response.isEmpty()) {
        break;
      }
      send(open.heartbeats().isPresent() ? response.get().expiring() : response.get());
      open.heartbeats().ifPresent(heartbeats -> heartbeats.sent(response.get(), now));
    }
    if (client.isReady()) { // Else it drains once it is.
      schedule(open.state().wakeAt(now), now);
    }
    open.heartbeats().ifPresent(heartbeats -> beat(heartbeats, open.state(), now));
    open.feed().looked(this, open.node().id(), seen, open.state());
  }

  private void send(Response response) {
    EncodedResponse encoded = context.encoded().of(response);
    context.metrics().pushed(response.type(), encoded.bytes().size());
    LOG.debug("{}: {} {} sent", name(), response.type().shortName(), response.version());
    client.onNext(encoded);
  }

  private void beat(Heartbeats heartbeats, SubscriptionState state, long now) {
    if (seen != null && client.isReady()) {
      heartbeats.due(state, seen.snapshot(), now).forEach(this::send);
      schedule(heartbeats.wakeAt(state, seen.snapshot()), now);
    }
  }

  /** Sends on a thread of ours, where nobody would hear of a failure. */
  private void guarded(Runnable sending) {
    try {
      sending.run();
    } catch (RuntimeException e) {
      LOG.error("{}: sending failed; its stream is ended, so that it connects again", name(), e);
      synchronized (this) {
        if (!closed) {
          end("what it is to have could not be sent; the log says why");
          client.onError(Status.INTERNAL.withDescription("sending failed").asRuntimeException());
        }
      }
    }
  }

  private void catchUp(Introduced open) {
    Edition current = open.feed().current(this, open.node().id()).orElse(null);
    if (current != null && (seen == null || current.revision() > seen.revision())) {
      open.state()
          .published(
              open.feed().since(seen, current), current.withdrawn(), current.revision(), now());
      seen = current;
    }
  }

  private void schedule(OptionalLong at, long now) {
    if (at.isEmpty() || at.getAsLong() >= timerAt) {
      return;
    }
    cancelTimer();
    timerAt = at.getAsLong();
    long delay = Math.max(0, timerAt - now);
    timer = context.timer().schedule(() -> guarded(this::wake), delay, TimeUnit.NANOSECONDS);
  }

  private synchronized void wake() {
    timer = null;
    timerAt = Long.MAX_VALUE;
    drain();
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  /**
   * Ends the stream of a client that has taken nothing for that long. Looked at from time to time.
   * The reason comes behind what was sent already: one response of a type at most, which goes with
   * the connection.
   */
  synchronized void endIfStuck(Duration deadline) {
    if (closed || client.isReady()) {
      stuckSince = TAKES;
    } else if (stuckSince == TAKES) {
      stuckSince = now();
    } else if (now() - stuckSince > deadline.toNanos()) {
      String reason = "took nothing of what it is sent for " + deadline.toSeconds() + " s";
      LOG.warn("{} {}; its stream is ended, so that it connects again", name(), reason);
      end(reason);
      client.onError(Status.UNAVAILABLE.withDescription(reason).asRuntimeException());
    }
  }

  /** Ends the stream as the client wants it. */
  synchronized void halfClosed() {
    if (!closed) {
      end("it ended its stream");
      client.onCompleted();
    }
  }

  /** Gives up all that the stream holds; every way out comes here, and says which it is. */
  synchronized void end(String why) {
    if (closed) {
      return;
    }
    closed = true;
    cancelTimer();
    context.metrics().closed(variant);
    Introduced open = connection;
    if (open != null) {
      context.feeds().leave(open.node().group(), this);
      context.departures().left(open.node(), open.since(), why);
    }
  }

  /** The id of its proxy if {@code change} concerns it: if it subscribes to any of it. */
  synchronized Optional<String> concerned(SnapshotDiff change) {
    Introduced open = connection;
    return open != null && !closed && open.state().isConcernedBy(change)
        ? Optional.of(open.node().id())
        : Optional.empty();
  }

  /** What is known of the proxy at a look at many; nothing before it introduced itself. */
  synchronized Optional<NodeStatus> status(NodeStatuses look) {
    Introduced open = connection;
    if (open == null || closed) {
      return Optional.empty();
    }
    catchUp(open); // Else what was published and not looked at yet would count as had.
    return Optional.of(
        look.at(
            open.node(),
            variant,
            open.since(),
            seen == null ? Snapshot.EMPTY : seen.snapshot(),
            open.state(),
            now(),
            this::instantOf));
  }

  /** How far behind its proxy is, by the proxy's id; nothing before it introduced itself. */
  synchronized Optional<ProxyLag> lag() {
    Introduced open = connection;
    if (open == null || closed) {
      return Optional.empty();
    }
    catchUp(open);
    return Optional.of(ProxyLag.of(open.node(), isOfOneType(), open.state(), now()));
  }

  private Instant instantOf(long at) {
    return context.clock().instant().minusNanos(now() - at);
  }

  private String name() {
    Introduced open = connection;
    return open == null ? "A proxy" : open.node().id();
  }

  private long now() {
    return context.nanoTime().getAsLong();
  }
}
