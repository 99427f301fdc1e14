package dev.sluice.server.status;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Why a proxy refused what it was sent (a NACK).
 *
 * @param message the proxy's own words
 * @param at when
 * @param resources the names of the resources that it was sent and has not taken, sorted
 * @param causes the documents that shaped these, each with its place, such as {@code TrafficPolicy
 *     shop/orders (orders.yaml:3:1)}; sorted
 */
public record Refusal(String message, Instant at, List<String> resources, List<String> causes) {
  public Refusal {
    Objects.requireNonNull(message);
    Objects.requireNonNull(at);
    resources = resources.stream().sorted().toList();
    causes = causes.stream().distinct().sorted().toList();
  }
}
