package dev.sluice.policy.parse;

import dev.sluice.problem.JsonPath;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;

/** Ends the reading of a text that cannot be read any further. */
final class UnreadableText extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  UnreadableText(Location location, String message) {
    super(message, null, false, false);
    problem = Problem.error(location, JsonPath.ROOT, message);
  }

  Problem problem() {
    return problem;
  }
}
