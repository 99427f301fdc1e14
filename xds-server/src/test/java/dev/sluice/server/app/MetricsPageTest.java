package dev.sluice.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.meters.Label;
import dev.sluice.server.meters.Meter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code docs/metrics.md} is what {@link Meter} declares, and a server shows that and nothing else.
 * {@code -Dgolden.rewrite=true} rewrites the page; review the difference like code.
 */
class MetricsPageTest {
  private static final Path PAGE = Path.of("../docs/metrics.md");
  private static final String INTRODUCTION =
      """
      # Metrics

      What `/metrics` tells in Prometheus' text format, on the admin API's address and at \
      `telemetry.address` ([server.md](server.md)). The page is written from the code, and a test \
      holds it against a server with a proxy; [deploy/](../deploy/README.md#dashboard-and-alerts) has a \
      dashboard and alerts for it.

      No series is a single proxy's or service's: their number depends on the configuration alone. \
      Times are in seconds. A *summary* has the number (`_count`) and sum (`_sum`) of times; a *histogram* \
      has buckets (`_bucket`) too, from 1 ms to 60 s. Both have the longest of the last minutes as a gauge \
      that ends in `_max`.
      """;

  private static final String END =
      """

      ## JVM and process

      Micrometer's own, under their usual names: `jvm_memory_*`, `jvm_buffer_*`, `jvm_gc_*`, `jvm_threads_*`, \
      `jvm_classes_*`, `process_*` (CPU, open files, start and uptime) and `system_*` (CPU, load).
      """;

  private static final Map<String, String> SECTIONS = new LinkedHashMap<>();

  static {
    SECTIONS.put("sluice_source_", "Sources");
    SECTIONS.put("sluice_catalog_", "Catalog");
    SECTIONS.put("sluice_pipeline_", "Pipeline");
    SECTIONS.put("sluice_translate_", "Pipeline");
    SECTIONS.put("sluice_rollouts", "Rollouts");
    SECTIONS.put("sluice_xds_", "Proxies");
    SECTIONS.put("sluice_load_", "Load reports");
    SECTIONS.put("sluice_admin_", "HTTP");
    SECTIONS.put("sluice_webhook_", "HTTP");
    SECTIONS.put("sluice_tls_", "HTTP");
  }

  @Test
  void thePageIsWhatTheMetersSay() throws IOException {
    String page = page();
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
        .as("docs/metrics.md; -Dgolden.rewrite=true accepts the new one")
        .isEqualTo(page);
  }

  @Test
  void aServerWithAProxyShowsEveryMeterAndNoOther(@TempDir Path folder) throws Exception {
    try (MeasuredServer server = MeasuredServer.start(folder)) {
      server.connectAProxyThatAcceptsAll();
      // What is costly to count is a second old at most.
      await().until(() -> Scrape.of(server.metrics()).value("sluice_xds_proxies") == 1);

      Scrape scrape = Scrape.of(server.metrics());

      assertThat(scrape.families("sluice_")).isEqualTo(Scrape.declared());
      assertThat(scrape.families("jvm_gc_")).isNotEmpty();
      assertThat(scrape.families("process_cpu_")).isNotEmpty();
      assertThat(scrape.names())
          .as("all that the page does not name begins as it says")
          .allMatch(name -> name.matches("(sluice|jvm|process|system)_.*"));
      assertThat(scrape.value("sluice_xds_proxies")).isEqualTo(1);
      assertThat(scrape.value("sluice_xds_acks_total{type=\"CDS\"}")).isPositive();
      assertThat(scrape.value("sluice_xds_ack_seconds_bucket{type=\"CDS\",le=\"60.0\"}"))
          .isEqualTo(scrape.value("sluice_xds_acks_total{type=\"CDS\"}"));
      assertThat(scrape.value("sluice_xds_proxies_out_of_sync{longer_than=\"1\"}")).isZero();
      assertThat(scrape.value("sluice_source_synced{source=\"file/files\"}")).isEqualTo(1);
      assertThat(scrape.value("sluice_source_unsynced_seconds{source=\"file/files\"}")).isZero();
      assertThat(scrape.value("sluice_catalog_instances{health=\"healthy\"}")).isEqualTo(2);
      assertThat(scrape.value("sluice_catalog_documents{kind=\"StaticService\"}")).isEqualTo(1);
      assertThat(scrape.value("sluice_tls_expiry_timestamp_seconds{port=\"admin\"}"))
          .isGreaterThan(System.currentTimeMillis() / 1000.0);
    }
  }

  @Test
  void namesFollowPrometheusConventions() {
    for (Meter meter : Meter.values()) {
      String name = meter.prometheusName();
      assertThat(name).matches("sluice(_[a-z]+)+").doesNotContain("milli");
      boolean ofTime = name.endsWith("_seconds");
      assertThat(ofTime || meter.form() == Meter.Form.GAUGE || name.endsWith("_total"))
          .as(name)
          .isTrue();
      assertThat(meter.description()).as(name).doesNotEndWith(".");
    }
    assertThat(Meter.values()).extracting(Meter::prometheusName).doesNotHaveDuplicates();
    assertThat(Arrays.stream(Meter.values()).flatMap(meter -> meter.labels().stream()))
        .as("labels that a meter has")
        .contains(Label.values());
  }

  private static String page() {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    Map<String, List<Meter>> sections =
        Arrays.stream(Meter.values())
            .collect(
                Collectors.groupingBy(
                    MetricsPageTest::section, LinkedHashMap::new, Collectors.toList()));
    sections.forEach(
        (title, meters) -> {
          page.append("\n## ").append(title).append("\n\n");
          page.append("| Metric | Form | Labels | Meaning |\n|---|---|---|---|\n");
          meters.forEach(meter -> page.append(row(meter)));
        });
    page.append("\n## Labels\n\n| Label | Values |\n|---|---|\n");
    for (Label label : Label.values()) {
      page.append("| `%s` | %s |\n".formatted(label.word(), label.meaning()));
    }
    return page.append(END).toString();
  }

  private static String section(Meter meter) {
    return SECTIONS.entrySet().stream()
        .filter(entry -> meter.prometheusName().startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("Server");
  }

  private static String row(Meter meter) {
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            meter.prometheusName(),
            meter.form().name().toLowerCase(Locale.ROOT),
            meter.labels().stream()
                .map(label -> "`" + label.word() + "`")
                .collect(Collectors.joining(", ")),
            meter.description());
  }
}
