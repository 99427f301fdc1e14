package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.policy.parse.Durations;
import dev.sluice.server.overrides.Drained;
import dev.sluice.server.overrides.Held;
import dev.sluice.server.overrides.OverrideRequest.Doing;
import dev.sluice.server.overrides.Restored;
import dev.sluice.server.overrides.Standing;
import dev.sluice.server.overrides.Wish;
import dev.sluice.spec.InstanceOverride.State;
import io.javalin.http.BadRequestResponse;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Instances that people take out of traffic, as the JSON of the admin API. */
final class OverridesJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  static final List<String> KEYS =
      List.of("state", "weight", "expiresIn", "reason", "by", "source", "force", "dryRun");

  private OverridesJson() {}

  static Wish wish(JsonNode body) {
    OptionalInt weight = OptionalInt.empty();
    if (body.has("weight")) {
      if (!body.path("weight").isInt()) {
        throw new BadRequestResponse("weight " + body.path("weight") + " is no whole number");
      }
      weight = OptionalInt.of(body.path("weight").asInt());
    }
    Optional<State> given = JsonBody.text(body, "state").map(OverridesJson::state);
    return new Wish(
        weight.isPresent() ? given : given.or(() -> Wish.DRAIN.state()),
        weight,
        JsonBody.text(body, "expiresIn")
            .map(
                text -> {
                  try {
                    return Durations.parse(text);
                  } catch (IllegalArgumentException e) {
                    throw new BadRequestResponse("expiresIn: " + e.getMessage());
                  }
                }),
        JsonBody.text(body, "reason"),
        JsonBody.text(body, "by"));
  }

  private static State state(String word) {
    return switch (word) {
      case "drain" -> State.DRAIN;
      case "out" -> State.OUT;
      case "in" -> State.IN;
      default ->
          throw new BadRequestResponse("state \"" + word + "\" is none of drain, out and in");
    };
  }

  static ObjectNode drained(Drained drained, Doing doing) {
    ObjectNode json = JSON.objectNode();
    json.put("service", drained.service().toString());
    json.put("instance", drained.instance());
    json.put("written", doing == Doing.DO);
    json.put("document", drained.key().toString());
    json.put("source", drained.source().toString());
    json.put("place", drained.place());
    json.put("edition", drained.edition());
    drained.expiresAt().ifPresent(at -> json.put("expiresAt", at.toString()));
    json.set("warnings", AdminJson.texts(drained.warnings()));
    json.put("yaml", drained.text());
    return json;
  }

  static ObjectNode restored(Restored restored, Doing doing) {
    ObjectNode json = JSON.objectNode();
    json.put("service", restored.service().toString());
    json.put("instance", restored.instance());
    json.put("written", doing == Doing.DO && !restored.removed().isEmpty());
    json.set("removed", held(restored.removed()));
    json.set("gone", held(restored.gone()));
    json.set("holding", held(restored.holding()));
    return json;
  }

  static ObjectNode standing(Standing standing) {
    ObjectNode json = JSON.objectNode();
    json.put("service", standing.service().toString());
    json.put("instance", standing.instance());
    json.set("overrides", held(standing.overrides()));
    json.set("proxies", DocumentJson.proxies(standing.proxies()));
    return json;
  }

  private static ArrayNode held(Collection<Held> all) {
    ArrayNode list = JSON.arrayNode();
    for (Held held : all) {
      ObjectNode one = list.addObject();
      one.put("document", held.key().toString());
      held.source().ifPresent(source -> one.put("source", source.toString()));
      one.put("place", held.place());
      State state = held.document().spec().state();
      if (state != null) {
        one.put("state", state.name().toLowerCase(Locale.ROOT));
      }
      if (held.document().spec().weight() != null) {
        one.put("weight", held.document().spec().weight());
      }
      held.expiresAt().ifPresent(at -> one.put("expiresAt", at.toString()));
      one.put("byDrain", held.isDrain());
      one.put("edition", held.edition());
    }
    return list;
  }
}
