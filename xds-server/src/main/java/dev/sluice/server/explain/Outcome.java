package dev.sluice.server.explain;

/** What becomes of a request. */
public enum Outcome {
  /** It goes to an instance. */
  FORWARDED,
  /** The caller is told to go elsewhere. */
  REDIRECTED,
  /** The proxy answers by itself, as a route says. */
  ANSWERED,
  /** Nothing takes it. */
  NO_LISTENER,
  /** The listener has no routes yet. */
  NO_ROUTES,
  /** No virtual host is for it. */
  NO_HOST,
  /** No route of its virtual host is for it. */
  NO_ROUTE,
  /** The route's cluster is not there. */
  NO_CLUSTER,
  /** No instance can be called. */
  NO_INSTANCE,
  /** It depends on what is not known here. */
  CANNOT_TELL;

  /** Whether a route was found that does with it what somebody wanted. */
  public boolean isRouted() {
    return switch (this) {
      case FORWARDED, REDIRECTED, ANSWERED -> true;
      case NO_LISTENER, NO_ROUTES, NO_HOST, NO_ROUTE, NO_CLUSTER, NO_INSTANCE, CANNOT_TELL -> false;
    };
  }
}
