package dev.sluice.server.settings;

import dev.sluice.policy.parse.YamlRecords.Bound;
import dev.sluice.problem.Problem;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The section {@code rollout}. */
final class RolloutSection {
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
    if (given == null) {
      return List.of();
    }
    SectionFindings findings = new SectionFindings("rollout", bound);
    findings.atLeast(SHORTEST, "within", given.within());
    ProxyShare then = given.then();
    if (then != null
        && then.unit() == given.first().unit()
        && then.number() <= given.first().number()) {
      findings.add("then", "%s is no more than first, %s".formatted(then, given.first()));
    }
    return findings.problems();
  }
}
