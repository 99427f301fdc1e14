package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.parse.Durations;
import dev.sluice.server.diff.Difference;
import dev.sluice.server.pipeline.HeldBack;
import dev.sluice.server.pipeline.Pin;
import dev.sluice.server.rollback.PinStanding;
import dev.sluice.server.rollback.RollbackRequest;
import io.javalin.http.BadRequestResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** The earlier revision whose policies hold, as the JSON of the admin API. */
final class RollbackJson {
  static final List<String> KEYS =
      List.of("revision", "services", "expiresIn", "reason", "by", "dryRun");

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private RollbackJson() {}

  static RollbackRequest request(JsonNode body, String from) {
    JsonNode revision = body.path("revision");
    if (!revision.isIntegralNumber() || !revision.canConvertToLong() || revision.asLong() < 1) {
      throw new BadRequestResponse("revision has to be a whole number from 1 on; see /v1/history");
    }
    return new RollbackRequest(
        revision.asLong(),
        new TreeSet<>(JsonBody.texts(body, "services")),
        JsonBody.text(body, "expiresIn")
            .map(RollbackJson::duration)
            .orElse(RollbackRequest.DEFAULT_LENGTH),
        JsonBody.text(body, "reason").orElse(""),
        JsonBody.text(body, "by").orElse("unknown"),
        from);
  }

  private static Duration duration(String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new BadRequestResponse("expiresIn: " + e.getMessage());
    }
  }

  static ObjectNode of(PinStanding standing) {
    ObjectNode json = pinned(standing.pin());
    ArrayNode held = json.putArray("held");
    for (HeldBack one : standing.held()) {
      held.addObject()
          .put("document", one.key().toString())
          .put("what", one.what().name().toLowerCase(Locale.ROOT))
          .put("place", one.place());
    }
    return json;
  }

  static ObjectNode pinned(Pin pin) {
    return pinned(Optional.of(pin)).put("written", true);
  }

  static ObjectNode lifted(Optional<Pin> pin) {
    return pinned(pin).put("written", pin.isPresent());
  }

  static ObjectNode tried(Difference difference) {
    ObjectNode json = JSON.objectNode().put("written", false);
    json.set("difference", DiffJson.of(difference));
    return json;
  }

  private static ObjectNode pinned(Optional<Pin> pin) {
    ObjectNode json = JSON.objectNode();
    pin.ifPresent(it -> json.set("rollback", json(it)));
    return json;
  }

  private static ObjectNode json(Pin pin) {
    ObjectNode json = JSON.objectNode();
    json.put("revision", pin.revision());
    json.set(
        "services", AdminJson.texts(pin.services().stream().map(ServiceId::toString).toList()));
    json.put("since", pin.since().toString());
    json.put("until", pin.until().toString());
    json.put("by", pin.by());
    if (!pin.reason().isEmpty()) {
      json.put("reason", pin.reason());
    }
    return json;
  }
}
