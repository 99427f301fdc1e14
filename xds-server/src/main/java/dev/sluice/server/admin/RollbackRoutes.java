package dev.sluice.server.admin;

import static dev.sluice.server.admin.HttpListener.answer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.server.diff.Difference;
import dev.sluice.server.pipeline.Pin;
import dev.sluice.server.rollback.RollbackRequest;
import dev.sluice.server.rollback.Rollbacks;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
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
        .get(PATH, AdminRoutes.refusing(it -> answer(it, RollbackJson.of(rollbacks.standing()))))
        .put(PATH, AdminRoutes.refusing(this::pin))
        .delete(PATH, AdminRoutes.refusing(this::lift));
  }

  private void pin(Context context) {
    OwnPages.check(context);
    OwnPages.checkJson(context);
    JsonNode body = OverridesJson.read(context.body(), RollbackJson.KEYS);
    RollbackRequest request = RollbackJson.request(body, context.ip());
    if (OverridesJson.flag(body, "dryRun")) {
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
    String dryRun = Optional.ofNullable(context.queryParam("dryRun")).orElse("false");
    switch (dryRun) {
      case "true" -> {
        Difference tried = rollbacks.triedLift();
        Audit.did(context, "lifting the rollback was tried");
        answer(context, RollbackJson.tried(tried));
      }
      case "false" -> {
        Optional<Pin> pin = rollbacks.lift(context.ip());
        Audit.did(
            context,
            pin.map(it -> "lifted the rollback to " + it).orElse("nothing was rolled back"));
        answer(context, RollbackJson.lifted(pin));
      }
      default ->
          throw new BadRequestResponse("dryRun \"" + dryRun + "\" is neither true nor false");
    }
  }
}
