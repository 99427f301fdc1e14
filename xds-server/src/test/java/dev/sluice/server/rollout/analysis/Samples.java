package dev.sluice.server.rollout.analysis;

import dev.sluice.catalog.ServiceId;
import dev.sluice.spec.Analysis;
import dev.sluice.spec.Decimal;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import dev.sluice.spec.Percent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A step and sections, as tests write them. */
final class Samples {
  static final DocumentKey POLICY = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders-policy");
  static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private Samples() {}

  /** From v1 to v2 with this many percent. */
  static Held held(int reached, int percent) {
    return held(reached, percent, Optional.empty());
  }

  static Held held(int reached, int percent, Optional<Instant> paused) {
    return new Held(
        new ServiceId("orders", "shop"),
        "v1",
        "v2",
        "orders.shop|80|v2",
        "orders.shop|80|v2",
        reached,
        new TreeMap<>(
            Map.of(
                "v1", new Percent((100 - percent) * 10_000), "v2", new Percent(percent * 10_000))),
        BEGIN,
        paused);
  }

  /** A query that is good up to 1, every 10 s, of which two failures are enough. */
  static Analysis errors(String prometheus) {
    return analysis(
        prometheus, null, null, List.of(new Analysis.Query("errors", "up", null, decimal("1"))));
  }

  static Analysis analysis(
      String prometheus,
      Analysis.@Nullable SuccessRate rate,
      Analysis.@Nullable Latency latency,
      List<Analysis.Query> queries) {
    return new Analysis(
        prometheus,
        Duration.ofSeconds(10),
        Duration.ofSeconds(20),
        rate,
        latency,
        queries,
        null,
        2,
        Duration.ofMinutes(1));
  }

  static Analysis webhook(String url) {
    return new Analysis(
        null,
        null,
        Duration.ZERO,
        null,
        null,
        List.of(),
        new Analysis.Webhook(url, Duration.ofSeconds(5)),
        1,
        null);
  }

  static Decimal decimal(String number) {
    return new Decimal(new BigDecimal(number));
  }
}
