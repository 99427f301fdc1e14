package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** What to do about a proxy that has not acknowledged something for long. */
final class Lagging {
  /** A proxy that has been behind for less is being told of a change, and nothing is amiss. */
  private static final Duration BEHIND = Duration.ofSeconds(10);

  private static final String ANSWER = "the answer to what was sent";

  private Lagging() {}

  /** For how long it has been behind with that type. */
  static Duration time(JsonNode type) {
    return Duration.ofMillis(type.path("behindMillis").asLong());
  }

  /** Whether it has been behind with that type for so long that something is amiss. */
  static boolean isLong(JsonNode type) {
    return type.path("state").asText().equals("STALE") && time(type).compareTo(BEHIND) >= 0;
  }

  /** What it waits for, and what to do where only the proxy itself can end that. */
  static String todo(String proxy, JsonNode type) {
    String waits = type.path("waitsFor").asText();
    if (!waits.isEmpty() && !waits.equals(ANSWER)) {
      return "it waits for " + waits;
    }
    return (waits.isEmpty() ? "" : "it waits for " + waits + "; ") + look(proxy);
  }

  /** What to look at, where it does not answer; empty where it waits for something else. */
  static String hint(String proxy, JsonNode type) {
    return isLong(type) && type.path("waitsFor").asText().equals(ANSWER) ? look(proxy) : "";
  }

  private static String look(String proxy) {
    return "is it stopped or overloaded? See its process and its log; 'sluice snapshot "
        + proxy
        + "' shows what it lacks. It is sent that once it answers; if it reads nothing, its stream"
        + " is ended (xds.deadlines.progress)";
  }
}
