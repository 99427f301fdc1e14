package dev.sluice.server.admin;

import static dev.sluice.server.admin.HttpListener.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.server.diff.Difference;
import dev.sluice.server.pipeline.Pin;
import dev.sluice.server.rollback.RollbackRequest;
import dev.sluice.server.rollback.Rollbacks;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The earlier revision whose policies hold: {@code PUT} pins one, {@code DELETE} lifts it, {@code
 * GET} tells how it stands.
 */
public record RollbackRoutes(Rollbacks rollbacks) implements AdminRoutes {
  private static final String PATH = "/v1/rollback";

  @Override
  public void addTo(RoutesConfig routes) {
    routes
        .get(PATH, AdminRoutes.refusing(this::standing))
        .put(PATH, AdminRoutes.refusing(this::pin))
        .delete(PATH, AdminRoutes.refusing(this::lift));
  }

  /** Who asks for the pin alone, as each {@code status} does, has nobody look at all proxies. */
  private void standing(Context context) {
    QueryText.refuseUnknown(context, new TreeSet<>(Set.of("proxies")));
    ObjectNode json = RollbackJson.of(rollbacks.standing());
    if (QueryText.flag(context, "proxies", true)) {
      json.set("proxies", DocumentJson.proxies(rollbacks.proxies()));
    }
    answer(context, json);
  }

  private void pin(Context context) {
    OwnPages.check(context);
    OwnPages.checkJson(context);
    JsonNode body = JsonBody.read(context.body(), RollbackJson.KEYS);
    RollbackRequest request = RollbackJson.request(body, context.ip());
    if (JsonBody.flag(body, "dryRun")) {
      Difference tried = rollbacks.tried(request);
      Audit.did(context, "revision %d was tried".formatted(request.revision()));
      answer(context, RollbackJson.tried(tried));
    } else {
      Pin pin = rollbacks.roll(request);
      Audit.did(context, "rolled back to " + pin);
      answer(context, RollbackJson.pinned(pin));
    }
  }

  private void lift(Context context) {
    OwnPages.check(context);
    QueryText.refuseUnknown(context, new TreeSet<>(Set.of("dryRun")));
    if (QueryText.flag(context, "dryRun", false)) {
      Difference tried = rollbacks.triedLift();
      Audit.did(context, "lifting the rollback was tried");
      answer(context, RollbackJson.tried(tried));
    } else {
      Optional<Pin> pin = rollbacks.lift(context.ip());
      Audit.did(
          context, pin.map(it -> "lifted the rollback to " + it).orElse("nothing was rolled back"));
      answer(context, RollbackJson.lifted(pin));
    }
  }
}
