package dev.sluice.policy.validate;

import dev.sluice.problem.JsonPath;
import dev.sluice.problem.Problem;
import dev.sluice.spec.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/** The problems of one document; written by the thread that validates it. */
final class Report {
  private final Origin origin;
  private final SortedSet<String> lost;
  private final List<Problem> problems = new ArrayList<>();

  Report(Origin origin, SortedSet<String> lost) {
    this.origin = origin;
    this.lost = lost;
  }

  At root() {
    return new At(this, JsonPath.ROOT);
  }

  boolean legible(String path) {
    return lost.stream().noneMatch(gone -> JsonPath.overlap(gone, path));
  }

  boolean isGiven(String path) {
    return origin.positions().containsKey(path);
  }

  int line(String path) {
    return origin.at(path).line();
  }

  void error(String path, String message) {
    problems.add(Problem.error(origin.at(path), path, message));
  }

  void warning(String path, String message) {
    problems.add(Problem.warning(origin.at(path), path, message));
  }

  List<Problem> problems() {
    return problems.stream().sorted().toList();
  }
}
