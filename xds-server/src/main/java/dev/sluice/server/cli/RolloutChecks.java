package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads from {@code /v1/rollouts} which of them want somebody. */
final class RolloutChecks {
  /** Proxies that are alive answer within seconds. */
  private static final Duration LONG = Duration.ofMinutes(5);

  private RolloutChecks() {}

  static List<Finding> of(JsonNode answer, Instant now) {
    List<Finding> findings = new ArrayList<>();
    answer.path("rollouts").forEach(one -> ofOne(one, now).ifPresent(findings::add));
    return findings;
  }

  private static Optional<Finding> ofOne(JsonNode one, Instant now) {
    String message = one.path("message").asText();
    String kind = one.path("hindrance").path("kind").asText();
    if (one.path("hindrance").path("lasting").asBoolean() || kind.equals("UNKEPT")) {
      return warning(one, "does not go on: " + message, "mend that; until then nothing moves");
    }
    if (one.has("hindrance") && !kind.equals("RESTART")) {
      return Optional.empty(); // It ends by itself, or another finding tells of it.
    }
    if (one.has("paused")) {
      return warning(
          one, "is paused: " + one.path("paused").asText(), verb("resume", one) + " has it go on");
    }
    if (one.has("standIn")) {
      String present = one.path("standIn").asText();
      String to = one.path("to").asText();
      String missing = present.equals(to) ? one.path("from").asText() : to;
      return warning(
          one,
          "%s has no ready instance, so %s has all of its traffic".formatted(missing, present),
          "mend %s, or give its share to %s by an edit".formatted(missing, present));
    }
    return switch (one.path("phase").asText()) {
      case "REVERTING", "REVERTED" ->
          warning(
              one,
              "went back to %s: %s".formatted(one.path("from").asText(), message),
              "mend %s, then %s"
                  .formatted(one.path("to").asText(), verb("resume", one) + " begins it anew"));
      case "GIVEN_UP" ->
          warning(one, "was given up: " + message, verb("resume", one) + " begins it anew");
      case "BLOCKED" -> warning(one, "cannot begin: " + message, "edit its policy");
      case "READYING", "SHIFTING" ->
          age(one, now).compareTo(LONG) < 0
              ? Optional.empty()
              : warning(
                  one,
                  "waits for %s: %s".formatted(Ages.text(age(one, now)), message),
                  "'sluice rollout status %s' tells for whom".formatted(RolloutText.name(one)));
      default -> Optional.empty();
    };
  }

  private static Duration age(JsonNode one, Instant now) {
    return one.has("since")
        ? Duration.between(Instant.parse(one.path("since").asText()), now)
        : Duration.ZERO;
  }

  private static Optional<Finding> warning(JsonNode one, String what, String todo) {
    return Optional.of(Finding.warning("rollout " + RolloutText.name(one), what, todo));
  }

  private static String verb(String verb, JsonNode one) {
    return "'sluice rollout %s %s'".formatted(verb, RolloutText.name(one));
  }
}
