package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.LISTENER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A client that comes back and may hold clusters that are gone, to which its routes still lead. For
 * some time it is waited for its routes to catch up.
 */
final class ComingBack {
  /** How long it takes at most to ask for everything. */
  private static final long ASKING = TimeUnit.SECONDS.toNanos(1);

  private final Map<ResourceType, TypeSubscription> subscriptions;
  private long asking = Long.MIN_VALUE;
  private long until = Long.MIN_VALUE;

  /** A client with these subscriptions that does not come back. */
  ComingBack(Map<ResourceType, TypeSubscription> subscriptions) {
    this.subscriptions = subscriptions;
  }

  /** It comes back; its routes are waited for until {@code deadline} from now. */
  void came(long now, long deadline) {
    asking = now + Math.min(ASKING, deadline);
    until = now + deadline;
  }

  /** Until when its routes are waited for; {@link Long#MIN_VALUE} if it does not come back. */
  long until() {
    return until;
  }

  boolean routesAreAsked() {
    return subscriptions.containsKey(LISTENER) && subscriptions.containsKey(ROUTE);
  }

  /** Until when clusters wait if they do; a client may never ask for routes. */
  long clustersWaitUntil() {
    return isAsked() ? until : asking;
  }

  private boolean isAsked() {
    return routesAreAsked() && subscriptions.containsKey(ENDPOINT);
  }

  private boolean subscribesToAssignment(String name) {
    TypeSubscription assignments = subscriptions.get(ENDPOINT);
    return assignments != null && assignments.subscribes(name);
  }

  /**
   * Whether in the state of the world the clusters wait for the routes: a response takes away what
   * is gone, which is not known by name. Clusters that are new to the client have to come first all
   * the same; those that it has it names as it asks for their endpoints. One without such is taken
   * for new where the listeners are others, which alone lead to it.
   */
  boolean clustersWait(Snapshot current, long now) {
    if (now >= until || !claimsOther(CLUSTER, current)) {
      return false;
    }
    if (!isAsked()) {
      return now < asking;
    }
    boolean otherListeners = claimsOther(LISTENER, current);
    boolean somethingNew =
        current.resources(CLUSTER).values().stream()
            .map(Resource::assignmentName)
            .anyMatch(name -> name.map(it -> !subscribesToAssignment(it)).orElse(otherListeners));
    return !somethingNew
        && SubscriptionState.NAMING_CLUSTERS.stream()
            .map(subscriptions::get)
            .anyMatch(routes -> routes != null && routes.isUnderWay());
  }

  /** Whether it has not said all yet from which it is seen what has to come first. */
  boolean isAsking(Snapshot current, long now) {
    return now < asking && !isAsked() && claimsOther(CLUSTER, current);
  }

  private boolean claimsOther(ResourceType type, Snapshot current) {
    return subscriptions.get(type) instanceof SotwSubscription subscription
        && subscription.claimsOther(current);
  }
}
