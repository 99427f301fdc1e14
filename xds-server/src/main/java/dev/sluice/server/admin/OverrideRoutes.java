package dev.sluice.server.admin;

import static dev.sluice.server.admin.HttpListener.answer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.server.overrides.Drained;
import dev.sluice.server.overrides.OverrideRequest;
import dev.sluice.server.overrides.OverrideRequest.Care;
import dev.sluice.server.overrides.OverrideRequest.Doing;
import dev.sluice.server.overrides.Overrides;
import dev.sluice.server.overrides.Restored;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The instances that people take out of traffic: {@code PUT} drains, {@code DELETE} restores,
 * {@code GET} tells how the instance stands.
 */
record OverrideRoutes(Overrides overrides) implements AdminRoutes {
  private static final String PATH = "/v1/services/{service}/instances/{instance}/override";

  @Override
  public void addTo(RoutesConfig routes) {
    routes
        .get(PATH, AdminRoutes.refusing(this::standing))
        .put(PATH, AdminRoutes.refusing(this::drain))
        .delete(PATH, AdminRoutes.refusing(this::restore));
  }

  private void standing(Context context) {
    OverrideRequest request = request(context, Optional.empty(), Care.FORCE, Doing.DRY_RUN);
    answer(context, OverridesJson.standing(overrides.standing(request)));
  }

  private void drain(Context context) {
    OwnPages.check(context);
    OwnPages.checkJson(context);
    JsonNode body = JsonBody.read(context.body(), OverridesJson.KEYS);
    Doing doing = JsonBody.flag(body, "dryRun") ? Doing.DRY_RUN : Doing.DO;
    Care care = JsonBody.flag(body, "force") ? Care.FORCE : Care.REFUSE;
    OverrideRequest request = request(context, JsonBody.text(body, "source"), care, doing);
    Drained drained = overrides.drain(request, OverridesJson.wish(body));
    Audit.did(
        context,
        "%s of %s is out by %s in %s%s"
            .formatted(
                drained.instance(),
                drained.service(),
                drained.key(),
                drained.place(),
                dryRun(doing)));
    answer(context, OverridesJson.drained(drained, doing));
  }

  private void restore(Context context) {
    OwnPages.check(context);
    QueryText.refuseUnknown(context, new TreeSet<>(Set.of("dryRun")));
    Doing doing = QueryText.flag(context, "dryRun", false) ? Doing.DRY_RUN : Doing.DO;
    OverrideRequest request = request(context, Optional.empty(), Care.REFUSE, doing);
    Restored restored = overrides.restore(request);
    Audit.did(
        context,
        "%s of %s is back, %d InstanceOverrides removed%s"
            .formatted(
                restored.instance(), restored.service(), restored.removed().size(), dryRun(doing)));
    answer(context, OverridesJson.restored(restored, doing));
  }

  private static String dryRun(Doing doing) {
    return doing == Doing.DRY_RUN ? " (a dry run: nothing was written)" : "";
  }

  private static OverrideRequest request(
      Context context, Optional<String> source, Care care, Doing doing) {
    return new OverrideRequest(
        context.pathParam("service"),
        context.pathParam("instance"),
        source,
        care,
        doing,
        Caller.text(context));
  }
}
