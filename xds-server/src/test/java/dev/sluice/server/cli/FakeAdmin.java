package dev.sluice.server.cli;

import dev.sluice.server.admin.AdminServer;
import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.settings.HostPort;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real admin API over views that the test decides, for as long as the test. */
final class FakeAdmin implements BeforeEachCallback, AfterEachCallback {
  final FakeViews views = new FakeViews();
  private @Nullable AdminServer server;

  /** Serves the views at a free port. */
  static AdminServer serve(FakeViews views) throws IOException {
    return AdminServer.start(
        new HostPort("127.0.0.1", 0),
        "1.2.3",
        views.views(),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        views.overrides(),
        views.routes());
  }

  /** Where a server is asked. */
  static String url(AdminServer server) {
    return "http://127.0.0.1:" + server.address().getPort();
  }

  /** Where this one is asked. */
  String url() {
    return url(Objects.requireNonNull(server));
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    server = serve(views);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Objects.requireNonNull(server).close();
  }
}
