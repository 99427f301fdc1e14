package dev.sluice.server.rollout.analysis;

import dev.sluice.spec.Analysis;
import dev.sluice.spec.Decimal;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Percent;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an analysis asks of a step, with what holds where it says nothing. */
final class Checks {
  private static final Duration OVER = Duration.ofMinutes(1);
  private static final Percent PERCENTILE = new Percent(990_000);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private Checks() {}

  static List<Check> of(DocumentKey policy, Held held, Analysis analysis, Web web) {
    List<Check> checks = new ArrayList<>();
    String prometheus = analysis.prometheus();
    if (prometheus != null) {
      URI at = URI.create(prometheus);
      if (held.hasTraffic()) { // Else there is nothing to count.
        checks.addAll(ofEnvoys(held, analysis, at, web));
      }
      for (Analysis.Query query : analysis.queries()) {
        checks.add(
            new PrometheusCheck(
                query.name(),
                at,
                Filled.with(held, query.query()),
                new Bounds(Optional.ofNullable(query.min()), Optional.ofNullable(query.max()), ""),
                "",
                "",
                web));
      }
    }
    Analysis.Webhook webhook = analysis.webhook();
    if (webhook != null) {
      checks.add(
          new WebhookCheck(
              URI.create(webhook.url()),
              WebhookCheck.body(policy, held),
              or(webhook.timeout(), TIMEOUT),
              web));
    }
    return checks;
  }

  private static List<Check> ofEnvoys(Held held, Analysis analysis, URI prometheus, Web web) {
    List<Check> checks = new ArrayList<>();
    Analysis.SuccessRate rate = analysis.successRate();
    if (rate != null) {
      Duration over = or(rate.over(), OVER);
      checks.add(
          ofEnvoys(
              "successRate",
              EnvoyQueries.successRate(held.statName(), over),
              new Bounds(Optional.of(decimal(rate.min())), Optional.empty(), " %"),
              new OfCluster(held, over, prometheus, web)));
    }
    Analysis.Latency latency = analysis.latency();
    if (latency != null) {
      Duration over = or(latency.over(), OVER);
      checks.add(
          ofEnvoys(
              "latency",
              EnvoyQueries.latency(held.statName(), or(latency.percentile(), PERCENTILE), over),
              new Bounds(
                  Optional.empty(),
                  Optional.of(new Decimal(BigDecimal.valueOf(latency.max().toNanos(), 6))),
                  " ms"),
              new OfCluster(held, over, prometheus, web)));
    }
    return checks;
  }

  /** What Envoys are asked about. */
  private record OfCluster(Held held, Duration over, URI prometheus, Web web) {}

  private static Check ofEnvoys(String name, String query, Bounds bounds, OfCluster of) {
    String seconds = Seconds.of(of.over());
    String version = of.held().to();
    return new PrometheusCheck(
        name,
        of.prometheus(),
        query,
        bounds,
        "%s had no requests within %ss, or it does not scrape the Envoys: %s"
            .formatted(version, seconds, EnvoyQueries.requests(of.held().statName())),
        "%s had no requests within %ss".formatted(version, seconds),
        of.web());
  }

  private static Decimal decimal(Percent percent) {
    return new Decimal(BigDecimal.valueOf(percent.millionths(), 4));
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
