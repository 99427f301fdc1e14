package dev.sluice.server.admin;

import static dev.sluice.server.admin.HttpListener.answer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.server.overrides.RefusedException;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.server.rollout.Rollouts;
import dev.sluice.server.rollout.Standing;
import dev.sluice.server.rollout.Verb;
import dev.sluice.server.settings.ServerSettings.Writing;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Rollouts, over HTTP.
 *
 * @param rollouts carries them out
 * @param writing whether anybody may ask something of them
 */
public record RolloutRoutes(Rollouts rollouts, Writing writing) implements AdminRoutes {
  private static final List<String> KEYS = List.of("by", "reason");

  @Override
  public void addTo(RoutesConfig routes) {
    routes
        .get("/v1/rollouts", context -> answer(context, RolloutJson.all(rollouts.standing())))
        .post("/v1/rollouts/{namespace}/{name}/{verb}", AdminRoutes.refusing(this::ask));
  }

  private void ask(Context context) {
    OwnPages.check(context);
    QueryText.refuseUnknown(context, new TreeSet<>());
    if (writing == Writing.OFF) {
      throw new RefusedException(
          Why.FORBIDDEN,
          "this server changes nothing by command (admin.writes: false in its configuration); edit"
              + " the policy where it is kept");
    }
    DocumentKey policy =
        new DocumentKey(
            Kind.TRAFFIC_POLICY, context.pathParam("namespace"), context.pathParam("name"));
    Verb verb = verb(context.pathParam("verb"));
    Standing standing = rollouts.ask(policy, verb, who(context));
    Audit.did(context, "%s the rollout of %s".formatted(text(verb), policy));
    answer(context, RolloutJson.of(standing));
  }

  /** Who asks and why, for people to read; a body may say so. */
  private static String who(Context context) {
    String from = Caller.text(context);
    if (context.body().isBlank()) {
      return from;
    }
    OwnPages.checkJson(context);
    JsonNode body = JsonBody.read(context.body(), KEYS);
    return JsonBody.text(body, "by").map(by -> by + " (" + from + ")").orElse(from)
        + JsonBody.text(body, "reason").map(why -> ": " + why).orElse("");
  }

  private static Verb verb(String text) {
    Optional<Verb> verb =
        Arrays.stream(Verb.values()).filter(each -> text(each).equals(text)).findFirst();
    return verb.orElseThrow(
        () ->
            new RefusedException(
                Why.WRONG,
                "\"%s\" is nothing that a rollout does; it is one of %s"
                    .formatted(
                        text,
                        Arrays.stream(Verb.values())
                            .map(RolloutRoutes::text)
                            .collect(Collectors.joining(", ")))));
  }

  private static String text(Verb verb) {
    return verb.name().toLowerCase(Locale.ROOT);
  }
}
