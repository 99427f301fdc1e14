package dev.sluice.server.rollout.analysis;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * A number from Prometheus, within bounds.
 *
 * @param name of the check
 * @param prometheus its address
 * @param query an expression in PromQL
 * @param limits what is good
 * @param unfound what it may mean that there is no data; may be empty
 * @param idle what it may mean that there is no number; may be empty
 * @param web who asks
 */
record PrometheusCheck(
    String name, URI prometheus, String query, Bounds limits, String unfound, String idle, Web web)
    implements Check {
  PrometheusCheck {
    Objects.requireNonNull(name);
    Objects.requireNonNull(prometheus);
    Objects.requireNonNull(query);
    Objects.requireNonNull(limits);
    Objects.requireNonNull(unfound);
    Objects.requireNonNull(idle);
    Objects.requireNonNull(web);
  }

  @Override
  public String bounds() {
    return limits.toString();
  }

  @Override
  public CompletableFuture<Answer> ask() {
    String whom = Web.whom("Prometheus", prometheus);
    String address =
        "%s/api/v1/query?timeout=%ss&query=%s"
            .formatted(
                prometheus.toString().replaceAll("/+$", ""),
                Seconds.of(web.limit()),
                URLEncoder.encode(query, StandardCharsets.UTF_8));
    return web.ask(
        HttpRequest.newBuilder(URI.create(address)).header("Accept", "application/json"),
        whom,
        web.limit(),
        response -> PrometheusAnswer.of(response.statusCode(), response.body(), whom, this));
  }
}
