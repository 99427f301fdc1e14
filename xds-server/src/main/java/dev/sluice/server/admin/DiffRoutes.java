package dev.sluice.server.admin;

import dev.sluice.server.diff.Diffs;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** What documents would change: {@code POST /v1/diff}, which changes nothing itself. */
public record DiffRoutes(Diffs diffs) implements AdminRoutes {
  static final String PATH = "/v1/diff";

  @Override
  public void addTo(RoutesConfig routes) {
    routes.post(PATH, AdminRoutes.refusing(this::diff), Reads.ONLY);
  }

  private void diff(Context context) {
    OwnPages.check(context);
    OwnPages.checkJson(context);
    HttpListener.answer(
        context, DiffJson.of(diffs.of(DiffJson.request(GivenTexts.of(context, DiffJson.KEYS)))));
  }
}
