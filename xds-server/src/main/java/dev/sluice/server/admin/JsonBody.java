package dev.sluice.server.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.javalin.http.BadRequestResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The body of a request: an object of known keys, whose values are what they have to be. */
final class JsonBody {
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** How the parser's message begins where a key is there twice; it has no type of its own. */
  private static final String TWICE = "Duplicate ";

  private static final int LONGEST_TEXT = 500;

  private JsonBody() {}

  /**
   * An object that may have these keys.
   *
   * @throws BadRequestResponse when it is none, or has another
   */
  static JsonNode read(String body, List<String> keys) {
    JsonNode json;
    try {
      json = MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new BadRequestResponse(wrong(e));
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

  /** In our words: the parser's name its classes. */
  private static String wrong(JsonProcessingException problem) {
    String what =
        switch (problem) {
          case StreamConstraintsException _ ->
              "is nested too deeply, or has a number or a key that is too long";
          case JsonEOFException _ -> "is no JSON: it ends too early";
          case MismatchedInputException _ -> "is no JSON: it goes on after its end";
          default ->
              problem.getOriginalMessage().startsWith(TWICE)
                  ? "has a key twice"
                  : "is no JSON: something else was expected";
        };
    JsonLocation at = problem.getLocation();
    return at == null
        ? "the body " + what
        : "the body %s (line %d, column %d)".formatted(what, at.getLineNr(), at.getColumnNr());
  }

  /** The text under a key; empty where it is not there. */
  static Optional<String> text(JsonNode body, String key) {
    return body.has(key) ? Optional.of(checked(body.path(key), key + " has")) : Optional.empty();
  }

  /** The texts of the list under a key; none where it is not there. */
  static List<String> texts(JsonNode body, String key) {
    List<String> texts = new ArrayList<>();
    for (JsonNode one : list(body, key)) {
      texts.add(checked(one, "each of " + key + " has"));
    }
    return texts;
  }

  private static String checked(JsonNode value, String whatHas) {
    String text = value.textValue();
    if (text == null || text.isBlank() || text.length() > LONGEST_TEXT) {
      throw new BadRequestResponse(
          "%s to be a text of at most %d characters".formatted(whatHas, LONGEST_TEXT));
    }
    return text;
  }

  /** What is under a key, which has to be a list where it is there. */
  static JsonNode list(JsonNode body, String key) {
    JsonNode list = body.path(key);
    if (!list.isMissingNode() && !list.isArray()) {
      throw new BadRequestResponse(key + " has to be a list");
    }
    return list;
  }

  /** Whether it is true under a key; false where it is not there. */
  static boolean flag(JsonNode body, String key) {
    if (body.has(key) && !body.path(key).isBoolean()) {
      throw new BadRequestResponse(key + " is neither true nor false");
    }
    return body.path(key).asBoolean();
  }
}
