package dev.sluice.spec;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.rollout.canary.analysis}: what is measured of the new version while a step is held.
 * At least one of {@code queries}, {@code successRate}, {@code latency} and {@code webhook} is
 * given; all but the webhook need {@code prometheus}.
 *
 * @param prometheus the address of a Prometheus, such as {@code http://prometheus.monitoring:9090}
 * @param interval between two measurements, 1s or more; null for 30s
 * @param delay how long after a step's last acknowledgement the first one is made; null for {@code
 *     interval}
 * @param successRate of the requests to the version, by Envoy's own statistics; null for not asked
 * @param latency of the requests to the version, by Envoy's own statistics; null for not asked
 * @param queries in PromQL
 * @param webhook who else is asked; null for nobody
 * @param failureLimit so many failures in a row of one of them fail the rollout, 1 to 100; null for
 *     3
 * @param inconclusiveFor for how long there may be no answer to one of them (no data, no number,
 *     nobody there) before the rollout pauses; null for 5m
 */
public record Analysis(
    @Nullable String prometheus,
    @Nullable Duration interval,
    @Nullable Duration delay,
    @Nullable SuccessRate successRate,
    @Nullable Latency latency,
    List<Query> queries,
    @Nullable Webhook webhook,
    @Nullable Integer failureLimit,
    @Nullable Duration inconclusiveFor) {
  public Analysis {
    queries = List.copyOf(queries);
  }

  /**
   * {@code analysis.successRate}: requests that were not answered with 5xx, of all that were
   * answered ({@code envoy_cluster_upstream_rq_xx}).
   *
   * @param min at least so many percent
   * @param over the time over which it is counted; null for 1m
   */
  public record SuccessRate(@Required Percent min, @Nullable Duration over) {
    public SuccessRate {
      Objects.requireNonNull(min);
    }
  }

  /**
   * {@code analysis.latency}: a quantile of the time to an answer ({@code
   * envoy_cluster_upstream_rq_time}).
   *
   * @param max at most so long
   * @param percentile which quantile, in percent, above 0 and below 100; null for 99
   * @param over the time over which it is counted; null for 1m
   */
  public record Latency(
      @Required Duration max, @Nullable Percent percentile, @Nullable Duration over) {
    public Latency {
      Objects.requireNonNull(max);
    }
  }

  /**
   * {@code analysis.queries[]}: one of {@code min} and {@code max} or both are given.
   *
   * @param name a DNS label, unique within the list
   * @param query a PromQL expression with one number as its value; <code>{{service}}</code>, <code>
   *     {{namespace}}</code>, <code>{{version}}</code>, <code>{{cluster}}</code> (the Envoy cluster
   *     of the version) and <code>{{step}}</code> stand for those of the rollout
   * @param min the least that is good
   * @param max the most that is good
   */
  public record Query(
      @Required String name, @Required String query, @Nullable Decimal min, @Nullable Decimal max) {
    public Query {
      Objects.requireNonNull(name);
      Objects.requireNonNull(query);
    }
  }

  /**
   * {@code analysis.webhook}: a POST whose answer decides: 2xx is good, 4xx is a failure, anything
   * else is no answer.
   *
   * @param url http or https
   * @param timeout for the answer; null for 5s
   */
  public record Webhook(@Required String url, @Nullable Duration timeout) {
    public Webhook {
      Objects.requireNonNull(url);
    }
  }
}
