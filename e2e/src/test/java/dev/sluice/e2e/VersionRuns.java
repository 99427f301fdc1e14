package dev.sluice.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Values one after the other, each named once for as long as it lasts. */
final class VersionRuns {
  private VersionRuns() {}

  /** The versions that answered, by when the requests were sent; without what failed. */
  static List<String> of(TrafficReport report) {
    long origin = System.nanoTime();
    return of(
        report.answers().stream()
            .filter(Answer::ok)
            .sorted(Comparator.comparingLong(answer -> answer.sentNanos() - origin))
            .map(Answer::version)
            .toList());
  }

  /** The same of any values. */
  static List<String> of(List<String> values) {
    List<String> runs = new ArrayList<>();
    for (String value : values) {
      if (runs.isEmpty() || !runs.getLast().equals(value)) {
        runs.add(value);
      }
    }
    return runs;
  }

  /** The shares of a rollout as the admin API has it, such as {@code v1 90, v2 10}. */
  static String shares(JsonNode rollout) {
    List<String> shares = new ArrayList<>();
    rollout
        .path("versions")
        .forEach(
            version -> {
              if (version.path("percent").asDouble() > 0) {
                shares.add(version.path("name").asText() + " " + version.path("percent").asInt());
              }
            });
    return String.join(", ", shares);
  }
}
