package dev.sluice.server.admin;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.BadRequestResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {
  private static final List<String> KEYS = List.of("revision", "services", "reason");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"revision": 5, "revision": 7}  | has a key twice (line 1, column 27)
          {"services": [{"a": 1, "a": 2}]} | has a key twice (line 1, column 27)
          {"revision": 5                  | is no JSON: it ends too early (line 1, column
          {"revision": 5} {}              | is no JSON: it goes on after its end (line 1, column
          {revision: 5}                   | is no JSON: something else was expected (line 1, column
          <rollback/>                     | is no JSON: something else was expected (line 1, column
          """)
  void whatIsWrongIsSaidInOurWordsWithItsPlace(String body, String words) {
    assertThatThrownBy(() -> JsonBody.read(body, KEYS))
        .isInstanceOf(BadRequestResponse.class)
        .hasMessageStartingWith("the body " + words);
  }

  @Test
  void noMessageHasTheParsersClasses() {
    for (String body :
        List.of(
            "{\"services\": " + "[".repeat(2_000) + "]".repeat(2_000) + "}",
            "{\"revision\": " + "9".repeat(2_000) + "}",
            "{\"reason\": \"\u0001\"}",
            "{\"reason\": [")) {
      assertThatThrownBy(() -> JsonBody.read(body, KEYS))
          .isInstanceOf(BadRequestResponse.class)
          .message()
          .startsWith("the body ")
          .doesNotContain("REDACTED")
          .doesNotContain("Stream");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", "[null]", "[\"\"]", "[[\"a\"]]", "\"a\"", "null"})
  void aListOfTextsHasNothingElse(String list) {
    JsonNode body = JsonBody.read("{\"services\": " + list + "}", KEYS);

    assertThatThrownBy(() -> JsonBody.texts(body, "services"))
        .isInstanceOf(BadRequestResponse.class)
        .message()
        .containsAnyOf(
            "each of services has to be a text of at most 500 characters",
            "services has to be a list");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.5", "5.0", "1e2", "\"5\"", "0", "-1", "true", "99999999999999999999"})
  void aRevisionIsAWholeNumber(String number) {
    JsonNode body = JsonBody.read("{\"revision\": " + number + "}", KEYS);

    assertThatThrownBy(() -> RollbackJson.request(body, "127.0.0.1"))
        .isInstanceOf(BadRequestResponse.class)
        .hasMessage("revision has to be a whole number from 1 on; see /v1/history");
  }

  @Test
  void whatIsToBeDeletedIsNamedByTexts() {
    JsonNode body = JsonBody.read("{\"delete\": [5]}", DiffJson.KEYS);

    assertThatThrownBy(() -> DiffJson.request(new GivenTexts(body, List.of())))
        .isInstanceOf(BadRequestResponse.class)
        .hasMessage("each of delete has to be a text of at most 500 characters");
  }
}
