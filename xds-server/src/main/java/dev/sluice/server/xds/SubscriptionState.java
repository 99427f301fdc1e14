package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.LISTENER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.snapshot.ResourceType.SCOPED_ROUTE;
import static dev.sluice.server.snapshot.ResourceType.VIRTUAL_HOST;
import static java.util.Collections.disjoint;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state of one stream. It knows no network and no clock: it is told requests, publications and
 * the time, and is asked for the next response whenever the stream can take one.
 *
 * <p>It makes before it breaks. Routes and listeners wait until the clusters that came with or
 * before them are accepted, and until the first ready instances of an assignment were sent;
 * clusters and assignments leave when the routes that no longer use them are accepted. Each wait
 * ends at a deadline. Assignments never wait, because the client accepts a cluster only when it has
 * its endpoints.
 *
 * <p>For one thread at a time.
 */
final class SubscriptionState {
  /** What may name clusters, and so waits for them and holds them back from leaving. */
  static final List<ResourceType> NAMING_CLUSTERS =
      List.of(LISTENER, SCOPED_ROUTE, ROUTE, VIRTUAL_HOST);

  private final Variant variant;
  private final Shared shared;
  private final SotwSubscription.Reconnect reconnect;
  private final long deadline;
  private final NewClusters newClusters;
  private final FirstInstances firstInstances;
  private final Warming warming = new Warming();
  private final EnumMap<ResourceType, TypeSubscription> subscriptions =
      new EnumMap<>(ResourceType.class);

  private Map<ResourceType, Map<String, Resource>> withdrawn = Map.of();
  private @Nullable Snapshot snapshot;
  private long epoch;

  private final ComingBack comingBack = new ComingBack(subscriptions);

  SubscriptionState(
      Variant variant,
      SotwSubscription.Reconnect reconnect,
      Duration makeBeforeBreakDeadline,
      Shared shared) {
    this.variant = variant;
    this.shared = shared;
    this.reconnect = reconnect;
    this.deadline = makeBeforeBreakDeadline.toNanos();
    this.newClusters = new NewClusters(deadline);
    this.firstInstances = new FirstInstances(deadline);
  }

  /** Takes a request at {@code now}, in nanoseconds of any clock that only goes forward. */
  Reply request(Request request, long now) {
    Reply reply = take(request, now);
    look(now);
    return reply;
  }

  private void look(long now) {
    subscriptions.values().forEach(subscription -> subscription.look(now));
  }

  private Reply take(Request request, long now) {
    TypeSubscription known = subscriptions.get(request.type());
    Reply reply = known == null ? new Reply.None() : known.reply(request, now);
    TypeSubscription subscription = known == null ? subscribe(request.type()) : known;
    switch (request) {
      case Request.Sotw sotw -> {
        if (known == null || sotw.nonce().equals(subscription.nonce())) {
          ((SotwSubscription) subscription).want(sotw, epoch);
        }
        if (known == null && sotw.type() == CLUSTER && !sotw.version().isEmpty()) {
          comingBack.came(now, deadline);
        }
      }
      case Request.Delta delta -> {
        ((DeltaSubscription) subscription).want(delta, epoch);
        if (known == null && subscription.leavesLate() && !delta.initial().isEmpty()) {
          reconnected(subscription, delta.initial().keySet(), now);
        }
      }
    }
    if (request.type() == CLUSTER) {
      newClusters.answered(reply, subscription);
    }
    return reply;
  }

  private TypeSubscription subscribe(ResourceType type) {
    TypeSubscription subscription =
        switch (variant) {
          case STATE_OF_THE_WORLD -> new SotwSubscription(type, shared, reconnect);
          case DELTA -> new DeltaSubscription(type, shared);
        };
    subscription.withdrawn = withdrawn.getOrDefault(type, Map.of());
    subscriptions.put(type, subscription);
    return subscription;
  }

  /** What the client holds and the snapshot does not leaves when the routes have caught up. */
  private void reconnected(TypeSubscription leaving, Set<String> names, long now) {
    comingBack.came(now, deadline);
    Snapshot current = snapshot;
    if (current != null) {
      holdGone(leaving, names, current);
    }
  }

  private void holdGone(TypeSubscription leaving, Collection<String> names, Snapshot current) {
    for (String name : names) {
      if (leaving.sent.contains(name) && leaving.find(current, name).isEmpty()) {
        leaving.marks.unmark(name);
        leaving.held.put(name, new Held(Optional.empty(), epoch));
      }
    }
  }

  /**
   * Takes a publication; the first starts at the empty snapshot.
   *
   * @param kept by type and name what stays where it was accepted, and is sent to nobody
   * @param revision greater than that of the publication before
   */
  void published(
      SnapshotDiff diff, Map<ResourceType, Map<String, Resource>> kept, long revision, long now) {
    boolean first = snapshot == null;
    snapshot = diff.after();
    epoch = revision;
    withdrawn = kept;
    TypeSubscription clusters = subscriptions.get(CLUSTER);
    if (first) {
      for (TypeSubscription subscription : subscriptions.values()) {
        subscription.withdrawn = kept.getOrDefault(subscription.type, Map.of());
        if (subscription.leavesLate()) {
          holdGone(subscription, subscription.sent.names(), diff.after());
        }
      }
      return;
    }
    for (TypeSubscription subscription : subscriptions.values()) {
      subscription.withdrawn = kept.getOrDefault(subscription.type, Map.of());
      subscription.published(diff, epoch);
    }
    if (clusters != null) {
      newClusters.published(clusters, diff.names(CLUSTER), now);
    }
    TypeSubscription assignments = subscriptions.get(ENDPOINT);
    if (assignments != null) {
      firstInstances.published(assignments, diff, now);
    }
  }

  /** The next response that may leave at {@code now}; to be asked until there is none. */
  Optional<Response> next(long now) {
    Snapshot current = snapshot;
    if (current == null) {
      return Optional.empty();
    }
    releaseHeld(now);
    Optional<Response> response = firstDue(current, now);
    // Routes that turn out to be no different are settled, which may let clusters go.
    while (response.isEmpty() && releaseHeld(now)) {
      response = firstDue(current, now);
    }
    look(now);
    return response;
  }

  private Optional<Response> firstDue(Snapshot current, long now) {
    for (TypeSubscription subscription : subscriptions.values()) {
      if (waits(subscription, current, now)) {
        continue;
      }
      if (subscription.type == ENDPOINT) {
        warming.answer(subscription, shared, epoch);
      }
      Optional<TypeSubscription.Sending> sending = subscription.poll(current, epoch, now);
      if (subscription.type == ENDPOINT && !subscription.hasWork()) {
        firstInstances.sent();
      }
      if (sending.isPresent()) {
        if (subscription.type == CLUSTER) {
          newClusters.sent(sending.get(), now);
          warming.sent(sending.get().changes());
        }
        return Optional.of(sending.get().response());
      }
    }
    return Optional.empty();
  }

  private boolean waits(TypeSubscription subscription, Snapshot current, long now) {
    return subscription.type == CLUSTER
        ? newClusters.awaitedUntil(now) == now && comingBack.clustersWait(current, now)
        : NAMING_CLUSTERS.contains(subscription.type)
            && (routesWaitUntil(now) > now || comingBack.isAsking(current, now));
  }

  /** Until when routes wait for what they lead to; {@code now} when they need not. */
  private long routesWaitUntil(long now) {
    return Math.max(newClusters.awaitedUntil(now), firstInstances.awaitedUntil(now));
  }

  /** Lets go what need not wait any longer, and says whether there was any. */
  private boolean releaseHeld(long now) {
    boolean released = false;
    for (ResourceType type : List.of(CLUSTER, ENDPOINT)) {
      TypeSubscription subscription = subscriptions.get(type);
      if (subscription == null || subscription.held.isEmpty()) {
        continue;
      }
      for (Map.Entry<String, Held> entry : Map.copyOf(subscription.held).entrySet()) {
        if (removalAt(entry.getValue().since(), now) <= now) {
          subscription.release(entry.getKey(), epoch);
          leaveAssignment(entry.getValue());
          released = true;
        }
      }
    }
    return released;
  }

  private void leaveAssignment(Held cluster) {
    TypeSubscription assignments = subscriptions.get(ENDPOINT);
    Optional<String> name = cluster.resource().flatMap(Resource::assignmentName);
    if (name.isPresent()) {
      warming.leave(name.get());
      if (assignments != null && assignments.sent.contains(name.get())) {
        assignments.marks.mark(name.get(), epoch);
      }
    }
  }

  /** When what the publication {@code since} removed may leave: at most {@code now} for at once. */
  private long removalAt(long since, long now) {
    long at = now;
    if (!comingBack.routesAreAsked()) {
      at = Math.max(at, comingBack.until());
    }
    for (ResourceType type : NAMING_CLUSTERS) {
      TypeSubscription user = subscriptions.get(type);
      if (user != null) {
        at = Math.max(at, user.settledAt(since, deadline));
      }
    }
    return at;
  }

  /** When {@link #next} has to be asked again even if nothing else happens. */
  OptionalLong wakeAt(long now) {
    long at = Long.MAX_VALUE;
    if (NAMING_CLUSTERS.stream().anyMatch(this::hasWork)) {
      long until = routesWaitUntil(now);
      at = until > now ? until : at;
    }
    if (snapshot != null && comingBack.clustersWait(snapshot, now)) {
      at = Math.min(at, comingBack.clustersWaitUntil());
    }
    for (ResourceType type : List.of(CLUSTER, ENDPOINT)) {
      TypeSubscription subscription = subscriptions.get(type);
      if (subscription != null) {
        for (Held held : subscription.held.values()) {
          at = Math.min(at, removalAt(held.since(), now));
        }
      }
    }
    return at == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(at);
  }

  /** Whether the client subscribes to something that {@code change} has, but for endpoints. */
  boolean isConcernedBy(SnapshotDiff change) {
    return configuration()
        .anyMatch(
            subscription -> {
              SnapshotDiff.Names names = change.names(subscription.type);
              return Stream.concat(names.changed().stream(), names.removed().stream())
                  .anyMatch(subscription::subscribes);
            });
  }

  /** Whether the client uses the resource of that name as it is in {@code served}, or none. */
  boolean uses(Snapshot served, ResourceType type, String name) {
    TypeSubscription subscription = subscriptions.get(type);
    String version = served.resource(type, name).map(Resource::version).orElse("");
    return subscription != null
        && !subscription.awaitsReply()
        && subscription.heldVersion(name).equals(version);
  }

  /** How far the client is with {@code change}, which it was told, but for endpoints. */
  Canary.Answer answer(SnapshotDiff change) {
    boolean refuses =
        configuration()
            .anyMatch(one -> !disjoint(one.refused.keySet(), change.names(one.type).changed()));
    if (refuses) {
      return Canary.Answer.REFUSED;
    }
    return configuration().anyMatch(TypeSubscription::isUnderWay)
        ? Canary.Answer.WAITING
        : Canary.Answer.ACCEPTED;
  }

  private Stream<TypeSubscription> configuration() {
    return subscriptions.values().stream().filter(subscription -> subscription.type != ENDPOINT);
  }

  /** What holds back {@code subscription}, for people to read; empty when nothing does. */
  String waitsFor(TypeSubscription subscription, long now) {
    if (subscription.awaitsReply()) {
      return "the answer to what was sent";
    }
    if (NAMING_CLUSTERS.contains(subscription.type)
        && subscription.hasWork()
        && routesWaitUntil(now) > now) {
      boolean forClusters = newClusters.awaitedUntil(now) > now;
      return (forClusters ? "new clusters to be acknowledged" : "their first instances to be sent")
          + ", at most for "
          + seconds(routesWaitUntil(now) - now);
    }
    if (subscription.type == CLUSTER && snapshot != null && waits(subscription, snapshot, now)) {
      return "routes to be acknowledged, at most for "
          + seconds(comingBack.clustersWaitUntil() - now);
    }
    if (subscription.held.isEmpty()) {
      return "";
    }
    long until =
        subscription.held.values().stream()
            .mapToLong(held -> removalAt(held.since(), now))
            .max()
            .orElse(now);
    String which = subscription.held.size() + " that leave: routes to be acknowledged";
    return until == Long.MAX_VALUE ? which : which + ", at most for " + seconds(until - now);
  }

  private static String seconds(long nanos) {
    return Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos)) + "s";
  }

  private boolean hasWork(ResourceType type) {
    TypeSubscription subscription = subscriptions.get(type);
    return subscription != null && subscription.hasWork() && !subscription.awaitsReply();
  }

  /** The types that the client has asked for. */
  Collection<TypeSubscription> subscriptions() {
    return subscriptions.values();
  }
}
