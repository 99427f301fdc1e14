package dev.sluice.server.admin;

import dev.sluice.server.meters.Meter;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Counts requests by what they ask, and how they are answered. */
record RequestMeters(MeterRegistry registry) {
  private static final String BEGAN = "sluice.began";

  /** A client may write any other. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS");

  void addTo(RoutesConfig routes) {
    routes.before(context -> context.attribute(BEGAN, System.nanoTime())).after(this::answered);
  }

  private void answered(Context context) {
    Endpoint matched = context.endpoints().matchedHttpEndpoint();
    String method = context.method().name();
    Long began = context.attribute(BEGAN);
    Meter.ADMIN_REQUESTS
        .timer(
            registry,
            METHODS.contains(method) ? method : "other",
            matched == null ? "none" : matched.path,
            String.valueOf(context.statusCode()))
        .record(began == null ? 0 : System.nanoTime() - began, TimeUnit.NANOSECONDS);
  }
}
