package dev.sluice.server.admin;

import dev.sluice.source.SourceStatus;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Objects;

/** What tells whether the server lives and is ready, and what it counts. */
record Telemetry(AdminViews views, PrometheusMeterRegistry metrics) {
  void addTo(RoutesConfig routes) {
    routes
        .get("/livez", context -> context.result("ok\n"))
        .get("/readyz", this::ready)
        .get(
            "/metrics",
            context -> context.contentType("text/plain; version=0.0.4").result(metrics.scrape()));
  }

  /** The sources that have not told all they know. */
  List<SourceStatus> missing() {
    return views.sources().get().stream()
        .filter(source -> source.state() == SourceStatus.State.STARTING)
        .toList();
  }

  private void ready(Context context) {
    if (views.stopping().getAsBoolean()) {
      context.status(HttpStatus.SERVICE_UNAVAILABLE).result("not ready\nthe server is stopping\n");
      return;
    }
    List<SourceStatus> missing = missing();
    if (missing.isEmpty()) {
      context.result("ok\n");
      return;
    }
    StringBuilder text = new StringBuilder("not ready\n");
    for (SourceStatus source : missing) {
      text.append(source.source())
          .append(" has not synced: ")
          .append(Objects.requireNonNullElse(source.message(), "it is still starting"))
          .append('\n');
    }
    context.status(HttpStatus.SERVICE_UNAVAILABLE).result(text.toString());
  }
}
