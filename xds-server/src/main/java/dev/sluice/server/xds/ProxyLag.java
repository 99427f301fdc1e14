package dev.sluice.server.xds;

/**
 * For how long a proxy has not acknowledged what it is to have.
 *
 * @param id of its node
 * @param ofOneType whether the stream is of one type, one of several of the proxy
 * @param behindNanos 0 where it has acknowledged all
 */
record ProxyLag(String id, boolean ofOneType, long behindNanos) {
  static ProxyLag of(String id, boolean ofOneType, SubscriptionState state, long now) {
    long behind = 0;
    for (TypeSubscription subscription : state.subscriptions()) {
      behind = Math.max(behind, now - subscription.behindSince().orElse(now));
    }
    return new ProxyLag(id, ofOneType, behind);
  }
}
