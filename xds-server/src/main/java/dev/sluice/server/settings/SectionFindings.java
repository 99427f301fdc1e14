package dev.sluice.server.settings;

import dev.sluice.policy.parse.YamlRecords.Bound;
import dev.sluice.problem.JsonPath;
import dev.sluice.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Problems of one section, by their keys below it. */
final class SectionFindings {
  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private final String section;
  private final Bound<?> bound;
  private final List<Problem> problems = new ArrayList<>();

  /** None yet of {@code section}, a key of the file. */
  SectionFindings(String section, Bound<?> bound) {
    this(bound, JsonPath.key("$", section));
  }

  private SectionFindings(Bound<?> bound, String path) {
    this.section = path;
    this.bound = bound;
  }

  /** None yet of what stands in that place of a list of the file, such as {@code $.sources.x}. */
  static SectionFindings at(String list, int index, Bound<?> bound) {
    return new SectionFindings(bound, JsonPath.index(list, index));
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

  void file(String key, @Nullable Path given) {
    if (given != null && !Files.isRegularFile(given)) {
      add(key, given + " is no file; write it first");
    }
  }

  /** Adds what is wrong with a name, if so; gives whether nothing is. */
  boolean isDnsLabel(String key, String given) {
    boolean good = DNS_LABEL.matcher(given).matches();
    if (!good) {
      add(
          key,
          "\"%s\" is no DNS label; write lower-case letters, digits and dashes".formatted(given));
    }
    return good;
  }

  private String path(String key) {
    String path = section;
    for (String part : key.split("\\.", -1)) {
      path = JsonPath.key(path, part);
    }
    return path;
  }
}
