package dev.sluice.server.settings;

import dev.sluice.policy.parse.YamlRecords.Bound;
import dev.sluice.problem.JsonPath;
import dev.sluice.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The section {@code rollout}. */
final class RolloutSection {
  private static final String ROLLOUT = "$.rollout";
  private static final Duration SHORTEST = Duration.ofMillis(100);

  private RolloutSection() {}

  static @Nullable Rollout rollout(SluiceYaml.@Nullable Stages given) {
    if (given == null) {
      return null;
    }
    boolean tooShort = given.within() != null && given.within().compareTo(SHORTEST) < 0;
    return new Rollout(given.first(), given.then(), tooShort ? null : given.within());
  }

  /** What is wrong with values that could be read. */
  static List<Problem> problems(SluiceYaml.@Nullable Stages given, Bound<?> bound) {
    List<Problem> problems = new ArrayList<>();
    if (given == null) {
      return problems;
    }
    if (given.within() != null && given.within().compareTo(SHORTEST) < 0) {
      problems.add(
          problem(
              "within", given.within().toMillis() + "ms is too short; the least is 100ms", bound));
    }
    ProxyShare then = given.then();
    if (then != null
        && then.unit() == given.first().unit()
        && then.number() <= given.first().number()) {
      problems.add(
          problem("then", "%s is no more than first, %s".formatted(then, given.first()), bound));
    }
    return problems;
  }

  private static Problem problem(String key, String message, Bound<?> bound) {
    String path = JsonPath.key(ROLLOUT, key);
    return Problem.error(bound.origin().at(path), path, message);
  }
}
