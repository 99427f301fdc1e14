package dev.sluice.server.demo;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the dashboard shows at one moment.
 *
 * @param running for how long the demo has run
 * @param service the service's name
 * @param versions a row each, in the order of their names
 * @param perSecond requests per second in the window
 * @param total requests since the start
 * @param failed how many of them failed
 * @param failure why the first did
 * @param median of the window's latencies
 * @param p99 of the window's latencies
 * @param proxy what the proxy acknowledged
 * @param inForceAfter how long after the last save it did; empty before the first
 * @param problems what is wrong with the documents, a line each
 */
record View(
    Duration running,
    String service,
    List<Row> versions,
    double perSecond,
    long total,
    long failed,
    Optional<String> failure,
    Duration median,
    Duration p99,
    Acknowledged proxy,
    Optional<Duration> inForceAfter,
    List<String> problems) {
  View {
    Objects.requireNonNull(running);
    versions = List.copyOf(versions);
    problems = List.copyOf(problems);
  }

  /**
   * A version.
   *
   * @param asked its share by the policy, 0 to 1; empty where the policy gives no weights
   * @param seen its share of the answers, 0 to 1
   * @param instances how many of its instances answered
   */
  record Row(String version, Optional<Double> asked, double seen, int instances) {
    Row {
      Objects.requireNonNull(version);
      Objects.requireNonNull(asked);
    }
  }
}
