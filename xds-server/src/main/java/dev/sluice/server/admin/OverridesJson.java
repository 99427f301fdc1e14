package dev.sluice.server.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final List<String> KEYS =
      List.of("state", "weight", "expiresIn", "reason", "by", "source", "force", "dryRun");
  private static final int LONGEST_TEXT = 500;

  private OverridesJson() {}

  /** The body of a request, whose keys are known. */
  static JsonNode read(String body) {
    return read(body, KEYS);
  }

  /** A body that may have these keys. */
  static JsonNode read(String body, List<String> keys) {
    JsonNode json;
    try {
      json = MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new BadRequestResponse("the body is no JSON: " + e.getOriginalMessage());
    }
    if (!json.isObject()) {
      throw new BadRequestResponse(
          "the body has to be a JSON object with some of the keys " + String.join(", ", keys));
    }
    json.fieldNames()
        .forEachRemaining(
            key -> {
              if (!keys.contains(key)) {
                throw new BadRequestResponse(
                    "there is no key \"%s\"; there are %s".formatted(key, String.join(", ", keys)));
              }
            });
    return json;
  }

  static Wish wish(JsonNode body) {
    OptionalInt weight = OptionalInt.empty();
    if (body.has("weight")) {
      if (!body.path("weight").isInt()) {
        throw new BadRequestResponse("weight " + body.path("weight") + " is no whole number");
      }
      weight = OptionalInt.of(body.path("weight").asInt());
    }
    Optional<State> given = text(body, "state").map(OverridesJson::state);
    return new Wish(
        weight.isPresent() ? given : given.or(() -> Wish.DRAIN.state()),
        weight,
        text(body, "expiresIn")
            .map(
                text -> {
                  try {
                    return Durations.parse(text);
                  } catch (IllegalArgumentException e) {
                    throw new BadRequestResponse("expiresIn: " + e.getMessage());
                  }
                }),
        text(body, "reason"),
        text(body, "by"));
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

  static Optional<String> text(JsonNode body, String key) {
    if (!body.has(key)) {
      return Optional.empty();
    }
    String text = body.path(key).textValue();
    if (text == null || text.isBlank() || text.length() > LONGEST_TEXT) {
      throw new BadRequestResponse(
          "%s has to be a text of at most %d characters".formatted(key, LONGEST_TEXT));
    }
    return Optional.of(text);
  }

  static boolean flag(JsonNode body, String key) {
    if (body.has(key) && !body.path(key).isBoolean()) {
      throw new BadRequestResponse(key + " is neither true nor false");
    }
    return body.path(key).asBoolean();
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
