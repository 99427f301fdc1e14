package dev.sluice.server.webhook;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A question of an API server: {@code admission.k8s.io/v1 AdmissionReview}.
 *
 * @param uid what the answer is known by
 * @param judged the object as it would be stored, as JSON; empty where there is nothing to judge
 */
record Review(String uid, Optional<String> judged) {
  static final String API_VERSION = "admission.k8s.io/v1";
  static final String KIND = "AdmissionReview";

  private static final String GROUP = "sluice.dev";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /** What others keep in an object and nobody here reads. */
  private static final List<String> NOT_OURS = List.of("managedFields", "annotations");

  /**
   * Reads a request's body.
   *
   * @throws IllegibleReviewException where it is something else
   */
  static Review read(byte[] body) throws IllegibleReviewException {
    JsonNode root = json(body);
    boolean isReview =
        root.path("apiVersion").asText().equals(API_VERSION)
            && root.path("kind").asText().equals(KIND);
    JsonNode request = root.path("request");
    String uid = request.path("uid").asText();
    if (!isReview || uid.isEmpty()) {
      throw new IllegibleReviewException(
          "is no AdmissionReview of admission.k8s.io/v1 with a request and its uid");
    }
    return new Review(uid, judged(request));
  }

  private static JsonNode json(byte[] body) throws IllegibleReviewException {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      throw new IllegibleReviewException("is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegibleReviewException("cannot be read: " + e.getMessage());
    }
  }

  private static Optional<String> judged(JsonNode request) throws IllegibleReviewException {
    boolean ours =
        request.path("kind").path("group").asText().equals(GROUP)
            && request.path("subResource").asText().isEmpty();
    boolean written =
        switch (request.path("operation").asText()) {
          case "CREATE", "UPDATE" -> true;
          default -> false;
        };
    if (!ours || !written) {
      return Optional.empty();
    }
    if (!(request.path("object") instanceof ObjectNode object)) {
      throw new IllegibleReviewException("has no request.object");
    }
    return leaves(object) ? Optional.empty() : Optional.of(withoutOthers(object));
  }

  /** What is being deleted has to get rid of its finalizers, however wrong it is. */
  private static boolean leaves(ObjectNode object) {
    return object.path("metadata").hasNonNull("deletionTimestamp");
  }

  private static String withoutOthers(ObjectNode object) {
    object.remove("status");
    if (object.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove(NOT_OURS);
    }
    return object.toString();
  }
}
