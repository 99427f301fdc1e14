package dev.sluice.policy.validate;

import dev.sluice.problem.JsonPath;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A value within the document that is being validated, where problems can be reported.
 *
 * @param report the document's problems
 * @param path the value's JSON path
 */
record At(Report report, String path) {
  At key(String key) {
    return new At(report, JsonPath.key(path, key));
  }

  At index(int index) {
    return new At(report, JsonPath.index(path, index));
  }

  /** Whether all that was written here could be read, so that what is absent was left out. */
  boolean legible() {
    return report.legible(path);
  }

  /** Whether the document writes it at all. */
  boolean isGiven() {
    return report.isGiven(path);
  }

  /** How a message at another value refers to this one. */
  String where() {
    int line = report.line(path);
    // A document in one line, as an API server's are, has no lines to tell apart.
    boolean oneLine = line == report.line(JsonPath.ROOT);
    return line == 0 || oneLine ? "at " + path : "in line " + line;
  }

  void error(String message) {
    report.error(path, message);
  }

  /** A problem of a value within this one, at its whole path. */
  void errorAt(String within, String message) {
    report.error(within, message);
  }

  void warning(String message) {
    report.warning(path, message);
  }

  /** A number within a range, where it is given. */
  void within(String key, @Nullable Integer value, int least, int most) {
    if (value != null && (value < least || value > most)) {
      key(key).error(value + " is not within " + least + ".." + most);
    }
  }

  /** A number that is not too small, where it is given. */
  void atLeast(String key, @Nullable Integer value, int least) {
    if (value != null && value < least) {
      key(key).error(value + " is too small; the least is " + least);
    }
  }

  /** A duration that is not too short, where it is given. */
  void atLeast(String key, @Nullable Duration value, Duration least) {
    if (value != null && value.compareTo(least) < 0) {
      key(key).error(Text.of(value) + " is too short; the least is " + Text.of(least));
    }
  }

  /** A duration longer than nothing, where it is given. */
  void positive(String key, @Nullable Duration value) {
    if (value != null && value.isZero()) {
      key(key).error("must be longer than 0s");
    }
  }
}
