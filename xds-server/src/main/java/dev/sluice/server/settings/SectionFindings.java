package dev.sluice.server.settings;

import dev.sluice.policy.parse.YamlRecords.Bound;
import dev.sluice.problem.JsonPath;
import dev.sluice.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Problems of one section, by their keys below it. */
final class SectionFindings {
  private final String section;
  private final Bound<?> bound;
  private final List<Problem> problems = new ArrayList<>();

  /** None yet of {@code section}, a key of the file. */
  SectionFindings(String section, Bound<?> bound) {
    this.section = JsonPath.key("$", section);
    this.bound = bound;
  }

  /** Those that were found. */
  List<Problem> problems() {
    return List.copyOf(problems);
  }

  boolean isLost(String key) {
    return bound.lost().stream().anyMatch(lost -> lost.startsWith(path(key)));
  }

  void add(String key, String message) {
    problems.add(Problem.error(bound.origin().at(path(key)), path(key), message));
  }

  void atLeast(Duration least, String key, @Nullable Duration given) {
    if (given != null && given.compareTo(least) < 0) {
      add(key, given.toMillis() + "ms is too short; the least is " + least.toMillis() + "ms");
    }
  }

  void positive(String key, @Nullable Integer given) {
    if (given != null && given < 1) {
      add(key, given + " is too small; the least is 1");
    }
  }

  private String path(String key) {
    String path = section;
    for (String part : key.split("\\.", -1)) {
      path = JsonPath.key(path, part);
    }
    return path;
  }
}
