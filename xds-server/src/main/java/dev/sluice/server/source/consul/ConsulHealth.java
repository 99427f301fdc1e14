package dev.sluice.server.source.consul;

import dev.sluice.server.consul.ConsulException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether what a Consul told is current, and why not; of the source's thread. */
final class ConsulHealth {
  /** A connection that ended is made anew within this, and nothing is amiss. */
  private static final Duration RENEWAL = Duration.ofSeconds(2);

  private @Nullable Long downSince;

  /**
   * Why what was told is not current, or why nothing was told yet; empty when all is well.
   *
   * @param reading what goes on until it is complete
   */
  Optional<String> look(Queries queries, boolean complete, String reading, long now) {
    List<Query> failing = queries.failing();
    if (failing.isEmpty()) {
      downSince = null;
      return complete ? Optional.empty() : Optional.of(reading);
    }
    if (downSince == null) {
      downSince = now;
    }
    if (complete && now - downSince < RENEWAL.toNanos()) {
      return Optional.empty();
    }
    String first = failing.getFirst().failure().map(ConsulException::getMessage).orElse("");
    long services =
        failing.stream().filter(one -> one.subject() instanceof Subject.OfService).count();
    // Some that fail alone are worth a name; all fail for the same reason as a rule. Without their
    // number, or each answer would be news.
    return Optional.of(
        services == failing.size() && services < queries.services()
            ? "%s cannot be read, and perhaps others: %s"
                .formatted(failing.getFirst().subject().path(), first)
            : first);
  }
}
