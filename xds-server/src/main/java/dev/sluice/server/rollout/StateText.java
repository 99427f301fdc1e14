package dev.sluice.server.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.spec.InstanceShare;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** How a rollout stands, as JSON: what is kept, and what the admin API shows. */
public final class StateText {
  /** Beyond this nobody counts: the next number is to be one more. */
  private static final long MOST = Long.MAX_VALUE / 2;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private StateText() {}

  /** It as one line. */
  public static String of(RolloutState state) {
    return json(state).toString();
  }

  /** It as JSON. */
  public static ObjectNode json(RolloutState state) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("serial", state.serial());
    json.put("kind", state.target().kind().name());
    json.put("from", state.target().from());
    json.put("to", state.target().to());
    ObjectNode shares = json.putObject("shares");
    state.shares().byVersion().forEach(shares::put);
    state
        .shares()
        .part()
        .ifPresent(
            part ->
                json.putObject("part")
                    .put("version", part.version())
                    .put("step", part.step().toString())
                    .put("count", part.count()));
    json.put("phase", state.phase().name());
    json.put("since", state.since().toString());
    json.put("begun", state.begun().toString());
    state
        .pause()
        .ifPresent(
            pause ->
                json.putObject("pause")
                    .put("since", pause.since().toString())
                    .put("words", pause.words()));
    state
        .warm()
        .ifPresent(
            warm ->
                json.putObject("warm")
                    .put("version", warm.version())
                    .put("until", warm.until().toString()));
    ArrayNode excepted = json.putArray("excepted");
    state.excepted().forEach(excepted::add);
    json.put("words", state.words());
    return json;
  }

  /**
   * Reads what {@link #of} wrote.
   *
   * @throws IllegalArgumentException when it is none; the message says where
   */
  public static RolloutState read(String text) {
    try {
      return read(MAPPER.readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Reads what {@link #json} gave.
   *
   * @throws IllegalArgumentException when it is none; the message says where
   */
  public static RolloutState read(JsonNode json) {
    TreeMap<String, Integer> shares = new TreeMap<>();
    json.path("shares")
        .properties()
        .forEach(share -> shares.put(share.getKey(), share.getValue().asInt(-1)));
    TreeSet<String> excepted = new TreeSet<>();
    json.path("excepted").forEach(proxy -> excepted.add(proxy.asText()));
    return new RolloutState(
        serial(json),
        new Target(Target.Kind.valueOf(text(json, "kind")), text(json, "from"), text(json, "to")),
        new Shares(shares, given(json, "part").map(StateText::part)),
        Phase.valueOf(text(json, "phase")),
        instant(json, "since"),
        instant(json, "begun"),
        given(json, "pause")
            .map(it -> new RolloutState.Pause(instant(it, "since"), text(it, "words"))),
        Optional.empty(), // Whoever goes on looks at the gate for itself.
        given(json, "warm")
            .map(it -> new RolloutState.Warm(text(it, "version"), instant(it, "until"))),
        excepted,
        json.path("words").asText());
  }

  private static long serial(JsonNode json) {
    long serial = json.path("serial").asLong();
    if (serial < 0 || serial > MOST) {
      throw new IllegalArgumentException("serial: must be 0 to " + MOST);
    }
    return serial;
  }

  private static Part part(JsonNode json) {
    return new Part(
        text(json, "version"), InstanceShare.parse(text(json, "step")), json.path("count").asInt());
  }

  private static Optional<JsonNode> given(JsonNode json, String key) {
    return Optional.ofNullable(json.get(key));
  }

  private static String text(JsonNode json, String key) {
    return given(json, key)
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .orElseThrow(() -> new IllegalArgumentException(key + " is missing, or no text"));
  }

  private static Instant instant(JsonNode json, String key) {
    try {
      return Instant.parse(text(json, key));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
  }
}
