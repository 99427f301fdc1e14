package dev.sluice.server.rollout.analysis;

import dev.sluice.spec.Percent;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Expressions in PromQL over what Envoys tell of a Cluster at {@code /stats/prometheus}, all Envoys
 * together.
 *
 * <p>By default Envoy ends a Cluster's name at its first dot, and the rest becomes part of the
 * metric's: {@code cluster.orders.shop|80|v2.upstream_rq_xx} is {@code
 * envoy_cluster_shop_80_v2_upstream_rq_xx{envoy_cluster_name="orders"}}. Where {@code stats_tags}
 * say otherwise the whole name is the label's value. Both are counted.
 */
final class EnvoyQueries {
  private static final String REQUESTS = "upstream_rq_xx";
  private static final String TIMES = "upstream_rq_time_bucket";
  private static final String FAILURES = ",envoy_response_code_class=\"5\"";

  private EnvoyQueries() {}

  /** The percentage of answers that are not 5xx; NaN where there is none. */
  static String successRate(String statName, Duration over) {
    // Without a failure there is no series of failures, and without a success none of successes.
    return "100 * (1 - (sum(%s) or vector(0)) / sum(%s))"
        .formatted(rates(statName, REQUESTS, FAILURES, over), rates(statName, REQUESTS, "", over));
  }

  /** A quantile of the times to an answer, in milliseconds; NaN where there is none. */
  static String latency(String statName, Percent percentile, Duration over) {
    BigDecimal quantile = BigDecimal.valueOf(percentile.millionths(), 6).stripTrailingZeros();
    return "histogram_quantile(%s, sum by (le) (%s))"
        .formatted(quantile.toPlainString(), rates(statName, TIMES, "", over));
  }

  /** What the metric of {@link #successRate} is called by default. */
  static String requests(String statName) {
    return names(statName).getFirst().text(REQUESTS, "");
  }

  private static String rates(String statName, String metric, String labels, Duration over) {
    return names(statName).stream()
        .map(name -> "rate(%s[%dms])".formatted(name.text(metric, labels), millis(over)))
        .collect(Collectors.joining(" or "));
  }

  private static long millis(Duration over) {
    return Math.max(1, over.toMillis());
  }

  /**
   * How a Cluster is called.
   *
   * @param prefix of its metrics; may be empty
   * @param label the value of {@code envoy_cluster_name}
   */
  private record Name(String prefix, String label) {
    String text(String metric, String labels) {
      return "envoy_cluster_%s%s{envoy_cluster_name=\"%s\"%s}"
          .formatted(prefix, metric, label, labels);
    }
  }

  private static List<Name> names(String statName) {
    String whole = statName.replaceAll("[\"\\\\\n]", "_");
    int dot = whole.indexOf('.');
    return dot < 0
        ? List.of(new Name("", whole))
        : List.of(
            new Name(
                whole.substring(dot + 1).replaceAll("[^A-Za-z0-9_]", "_") + "_",
                whole.substring(0, dot)),
            new Name("", whole));
  }
}
