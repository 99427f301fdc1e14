package dev.sluice.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What Consul's HTTP API answered.
 *
 * @param status the HTTP status; 0 where no answer came
 * @param body of the answer, or why none came
 * @param index that a blocking query goes on from; 0 where the answer has none
 */
public record ConsulReply(int status, String body, long index) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Whether it is a 200. */
  public boolean ok() {
    return status == 200;
  }

  /** The body read as JSON. */
  public JsonNode json() {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + this, e);
    }
  }
}
