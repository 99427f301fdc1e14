package dev.sluice.server.load;

/**
 * Requests as proxies count them ({@code envoy.config.endpoint.v3.UpstreamLocalityStats}).
 *
 * @param issued how many began in the time that is told of
 * @param successful how many ended well in it
 * @param failed how many ended in an error in it
 * @param inProgress how many went on at its end
 */
public record Requests(long issued, long successful, long failed, long inProgress) {
  /** No request at all. */
  public static final Requests NONE = new Requests(0, 0, 0, 0);

  /** The requests of two proxies in the same time. */
  public Requests plus(Requests other) {
    return new Requests(
        issued + other.issued,
        successful + other.successful,
        failed + other.failed,
        inProgress + other.inProgress);
  }

  /** The requests of one proxy in this time and the {@code next}. */
  public Requests then(Requests next) {
    return new Requests(
        issued + next.issued, successful + next.successful, failed + next.failed, next.inProgress);
  }
}
