package dev.sluice.server.rollout.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What an instant query of Prometheus gives: one number, or none. */
final class PrometheusAnswer {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int VALUE = 1;

  private PrometheusAnswer() {}

  /**
   * Judges a response.
   *
   * @param whom who gave it
   */
  static Answer of(int status, byte[] body, String whom, PrometheusCheck check) {
    if (status / 100 == 3) {
      return new Answer.None(
          "%s answers %d and redirects; write the address itself".formatted(whom, status));
    }
    JsonNode json;
    try {
      json = MAPPER.readTree(body);
    } catch (IOException e) {
      return strange(status, whom);
    }
    return switch (json.path("status").asText()) {
      case "success" -> number(json.path("data"), whom, check);
      case "error" ->
          new Answer.None(
              "%s answers %d: %s".formatted(whom, status, shown(json.path("error").asText())));
      default -> strange(status, whom);
    };
  }

  private static Answer strange(int status, String whom) {
    return new Answer.None(
        status / 100 == 2
            ? whom + " answers no result of a query; see what listens there"
            : "%s answers %d".formatted(whom, status));
  }

  private static Answer number(JsonNode data, String whom, PrometheusCheck check) {
    JsonNode result = data.path("result");
    String type = data.path("resultType").asText();
    return switch (type) {
      case "scalar" -> judge(result.path(VALUE), check);
      case "vector" -> sample(result, whom, check);
      default -> new Answer.None("the query gives a %s and not one number".formatted(shown(type)));
    };
  }

  private static Answer sample(JsonNode result, String whom, PrometheusCheck check) {
    if (result.isEmpty()) {
      return new Answer.None(whom + " has no data" + after(": ", check.unfound()));
    }
    return result.size() > 1
        ? new Answer.None(
            "the query gives %d samples and not one; aggregate, such as by sum(...)"
                .formatted(result.size()))
        : judge(result.path(0).path("value").path(VALUE), check);
  }

  private static Answer judge(JsonNode value, PrometheusCheck check) {
    double number;
    try {
      number = Double.parseDouble(value.asText());
    } catch (NumberFormatException e) { // Such as +Inf, or the sample of a histogram.
      return new Answer.None("the query gives no number" + after(": ", shown(value.asText())));
    }
    if (Double.isFinite(number)) {
      return check.limits().judge(number);
    }
    return new Answer.None("the query gives " + number + after(": ", check.idle()));
  }

  private static String after(String before, String words) {
    return words.isEmpty() ? "" : before + words;
  }

  private static String shown(String words) {
    return Web.shown(words.getBytes(StandardCharsets.UTF_8));
  }
}
