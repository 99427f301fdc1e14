package dev.sluice.server.xds;

import dev.sluice.server.snapshot.ResourceType;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream whose proxy is known.
 *
 * @param node what it says of itself
 * @param state what it has and wants
 * @param feed what it is served
 * @param since when it began
 * @param heartbeats for proxies that know a time to live
 */
record Introduced(
    ProxyNode node,
    SubscriptionState state,
    Feed feed,
    Instant since,
    Optional<Heartbeats> heartbeats) {
  private static final Logger LOG = LoggerFactory.getLogger(AdsStream.class);

  /** Counts what its proxy said of a response. */
  void answered(XdsMetrics metrics, ResourceType type, XdsMetrics.Answer answer, long nanos) {
    metrics.answered(node.group(), node.id(), type, answer, nanos);
    LOG.debug("{}: {} of {} after {} us", node.id(), answer, type.shortName(), nanos / 1_000);
  }
}
