package dev.sluice.server.xds;

import dev.sluice.node.NodeGroup;

/**
 * For how long a proxy has not acknowledged what it is to have.
 *
 * @param id of its node
 * @param group of its node
 * @param ofOneType whether the stream is of one type, one of several of the proxy
 * @param behindNanos 0 where it has acknowledged all
 * @param refusedNanos how long ago it refused something last; {@link #NEVER} where it has not
 */
public record ProxyLag(
    String id, NodeGroup group, boolean ofOneType, long behindNanos, long refusedNanos) {
  /** What has not been. */
  public static final long NEVER = Long.MAX_VALUE;

  static ProxyLag of(ProxyNode node, boolean ofOneType, SubscriptionState state, long now) {
    long behind = 0;
    long refused = NEVER;
    for (TypeSubscription subscription : state.subscriptions()) {
      long since = subscription.isUnderWay() ? now - 1 : now; // What nobody has looked at yet.
      behind = Math.max(behind, now - Math.min(since, subscription.behindSince().orElse(now)));
      if (subscription.lastNack().isPresent()) {
        refused = Math.min(refused, now - subscription.refusedAt());
      }
    }
    return new ProxyLag(node.id(), node.group(), ofOneType, behind, refused);
  }

  /** Both streams of one proxy as one. */
  ProxyLag and(ProxyLag other) {
    return new ProxyLag(
        id,
        group,
        ofOneType,
        Math.max(behindNanos, other.behindNanos),
        Math.min(refusedNanos, other.refusedNanos));
  }
}
