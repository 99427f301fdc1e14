package dev.sluice.server.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.problem.Problem;
import dev.sluice.problem.Severity;
import dev.sluice.source.DocumentReader;
import java.util.List;

/**
 * What is answered to a {@link Review}.
 *
 * @param errors what is wrong, a line each; empty where the object is let in
 * @param warnings what is to be looked at, a line each
 */
record Verdict(List<String> errors, List<String> warnings) {
  private static final int UNPROCESSABLE = 422;

  Verdict {
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
  }

  /** As {@code sluice validate} has it, without a place: an object of an API server has no file. */
  static Verdict on(Review review, DocumentReader reader) {
    List<Problem> problems =
        review.judged().map(json -> reader.readJson("", json).problems()).orElse(List.of());
    return new Verdict(lines(problems, Severity.ERROR), lines(problems, Severity.WARNING));
  }

  private static List<String> lines(List<Problem> problems, Severity severity) {
    return problems.stream()
        .filter(problem -> problem.severity() == severity)
        .map(problem -> problem.path() + ": " + problem.message())
        .toList();
  }

  boolean isAllowed() {
    return errors.isEmpty();
  }

  /** The AdmissionReview that answers the one of {@code uid}. */
  ObjectNode json(String uid) {
    ObjectNode review = JsonNodeFactory.instance.objectNode();
    review.put("apiVersion", Review.API_VERSION).put("kind", Review.KIND);
    ObjectNode response = review.putObject("response");
    response.put("uid", uid).put("allowed", isAllowed());
    if (!isAllowed()) {
      response
          .putObject("status")
          .put("code", UNPROCESSABLE)
          .put("reason", "Invalid")
          .put("message", String.join("\n", errors));
    }
    if (!warnings.isEmpty()) {
      ArrayNode list = response.putArray("warnings");
      warnings.forEach(list::add);
    }
    return review;
  }
}
