package dev.sluice.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;

/**
 * Something wrong with a document, told to the person who wrote it.
 *
 * @param severity whether the document can be applied all the same
 * @param location where it is
 * @param path JSON path of the value within its document, such as {@code $.spec.split.weights.v3};
 *     {@code $} for the document as a whole
 * @param message what is wrong and what would be right, in one line
 */
public record Problem(Severity severity, Location location, String path, String message)
    implements Comparable<Problem> {
  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::location)
          .thenComparing(Problem::path)
          .thenComparing(Problem::message);

  public Problem {
    Objects.requireNonNull(severity);
    Objects.requireNonNull(location);
    Objects.requireNonNull(path);
    Objects.requireNonNull(message);
  }

  /** A problem that keeps its document from being applied. */
  public static Problem error(Location location, String path, String message) {
    return new Problem(Severity.ERROR, location, path, message);
  }

  /** A problem that leaves its document applied. */
  public static Problem warning(Location location, String path, String message) {
    return new Problem(Severity.WARNING, location, path, message);
  }

  /** Whether one of {@code problems} is an error. */
  public static boolean anyError(Collection<Problem> problems) {
    return problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
  }

  /** The same at another place. */
  public Problem at(Location other) {
    return new Problem(severity, other, path, message);
  }

  @Override
  public int compareTo(Problem other) {
    return ORDER.compare(this, other);
  }

  /** One line: {@code file:line:column path: message}, a warning marked as such. */
  @Override
  public String toString() {
    String mark = severity == Severity.WARNING ? "warning: " : "";
    return location + " " + path + ": " + mark + message;
  }
}
