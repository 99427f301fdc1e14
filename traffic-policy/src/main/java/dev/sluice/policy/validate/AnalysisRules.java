package dev.sluice.policy.validate;

import dev.sluice.spec.Analysis;
import dev.sluice.spec.Analysis.Latency;
import dev.sluice.spec.Analysis.Query;
import dev.sluice.spec.Analysis.SuccessRate;
import dev.sluice.spec.Analysis.Webhook;
import dev.sluice.spec.Percent;
import java.time.Duration;
import java.util.List;

/** {@code spec.rollout.canary.analysis}. */
final class AnalysisRules {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final List<String> MEASURED = List.of("queries", "successRate", "latency");

  private AnalysisRules() {}

  static void check(At at, Analysis analysis) {
    sources(at, analysis);
    at.atLeast("interval", analysis.interval(), SECOND);
    at.within("failureLimit", analysis.failureLimit(), 1, 100);
    at.positive("inconclusiveFor", analysis.inconclusiveFor());
    SuccessRate rate = analysis.successRate();
    if (rate != null) {
      at.key("successRate").positive("over", rate.over());
    }
    if (analysis.latency() != null) {
      latency(at.key("latency"), analysis.latency());
    }
    queries(at.key("queries"), analysis.queries());
    Webhook webhook = analysis.webhook();
    if (webhook != null) {
      Urls.check(at.key("webhook").key("url"), webhook.url(), "http://checks.shop:8080/canary");
      at.key("webhook").positive("timeout", webhook.timeout());
    }
  }

  /** That something is measured, and somebody there to be asked. */
  private static void sources(At at, Analysis analysis) {
    boolean measured = MEASURED.stream().anyMatch(key -> at.key(key).isGiven());
    boolean asks = !analysis.queries().isEmpty();
    asks |= analysis.successRate() != null || analysis.latency() != null;
    At prometheus = at.key("prometheus");
    if (!asks && !measured && analysis.webhook() == null && !at.key("webhook").isGiven()) {
      at.error(
          "measures nothing; write successRate, latency, queries or webhook, such as"
              + " successRate: {min: 99}");
    } else if (asks && analysis.prometheus() == null && !prometheus.isGiven()) {
      at.error("needs prometheus: where to ask; write such as http://prometheus.monitoring:9090");
    }
    if (analysis.prometheus() != null) {
      Urls.base(prometheus, analysis.prometheus(), "http://prometheus.monitoring:9090");
    }
  }

  private static void latency(At at, Latency latency) {
    at.positive("max", latency.max());
    at.positive("over", latency.over());
    Percent percentile = latency.percentile();
    if (percentile != null && (percentile.millionths() == 0 || percentile.equals(Percent.ALL))) {
      at.key("percentile")
          .error(percentile + " is no percentile; write one above 0 and below 100, such as 99");
    }
  }

  private static void queries(At at, List<Query> queries) {
    if (!at.legible()) {
      return;
    }
    if (queries.isEmpty() && at.isGiven()) {
      at.error("is empty; write a query, or remove it");
    }
    for (int i = 0; i < queries.size(); i++) {
      query(at.index(i), queries.get(i));
    }
    Names.unique(at, queries, Query::name, "name", "query");
  }

  private static void query(At at, Query query) {
    Names.dnsLabel(at.key("name"), query.name());
    if (query.query().isBlank()) {
      at.key("query").error("is empty; write an expression in PromQL");
    }
    Placeholders.check(at.key("query"), query.query());
    if (query.min() == null && query.max() == null) {
      at.error("needs min or max, or both: the least and the most that is good");
    } else if (query.min() != null
        && query.max() != null
        && query.min().value().compareTo(query.max().value()) > 0) {
      at.key("max")
          .error(query.max() + " is less than min (" + query.min() + "), so nothing would be good");
    }
  }
}
