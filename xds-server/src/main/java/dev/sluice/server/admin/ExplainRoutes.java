package dev.sluice.server.admin;

import static dev.sluice.server.admin.HttpListener.answer;

import dev.sluice.server.explain.Call;
import dev.sluice.server.explain.Explain;
import dev.sluice.server.explain.UnusableRequestException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.NotFoundResponse;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What would become of a request: {@code GET /v1/explain}. */
record ExplainRoutes(Explain explain) {
  private static final SortedSet<String> PARAMETERS =
      new TreeSet<>(List.of("method", "url", "from", "header"));

  void addTo(RoutesConfig routes) {
    routes.get("/v1/explain", this::explain);
  }

  private void explain(Context context) {
    QueryText.refuseUnknown(context, PARAMETERS);
    String url =
        QueryText.of(context, "url")
            .orElseThrow(
                () ->
                    new BadRequestResponse(
                        "the parameter \"url\" is missing; write such as"
                            + " url=http://orders.shop/api, encoded"));
    try {
      Call call =
          Call.parse(
              QueryText.of(context, "method").orElse("GET"), url, context.queryParams("header"));
      answer(context, ExplainJson.of(explain.of(call, QueryText.of(context, "from"))));
    } catch (UnusableRequestException e) {
      throw refused(e);
    }
  }

  private static HttpResponseException refused(UnusableRequestException problem) {
    return switch (problem.why()) {
      case WRONG -> new BadRequestResponse(problem.getMessage());
      case UNKNOWN -> new NotFoundResponse(problem.getMessage());
    };
  }
}
