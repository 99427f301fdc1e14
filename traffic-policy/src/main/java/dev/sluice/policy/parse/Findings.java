package dev.sluice.policy.parse;

import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** What is found while one document is bound; written by the thread that binds it. */
final class Findings {
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Location> positions = new HashMap<>();
  private final SortedSet<String> lost = new TreeSet<>();

  /** The value at {@code path} begins at {@code location}. */
  void position(String path, Location location) {
    positions.put(path, location);
  }

  /** Something is wrong beside the values that are read, such as an unknown key. */
  void problem(Location location, String path, String message) {
    problems.add(Problem.error(location, path, message));
  }

  /**
   * The value at {@code path} cannot be read, so that nothing may be concluded from its absence.
   */
  void lost(Location location, String path, String message) {
    problem(location, path, message);
    lost.add(path);
  }

  /** The value at {@code path} cannot be read, and the problem has been told already. */
  void lost(String path) {
    lost.add(path);
  }

  List<Problem> problems() {
    return problems;
  }

  Map<String, Location> positions() {
    return positions;
  }

  /** The paths of the values that were given and could not be read. */
  SortedSet<String> lost() {
    return lost;
  }
}
