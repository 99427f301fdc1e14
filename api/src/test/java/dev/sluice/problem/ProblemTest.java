package dev.sluice.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProblemTest {
  @Test
  void aProblemIsOneLineThatSaysWhere() {
    Problem problem =
        Problem.error(
            new Location("orders.yaml", 11, 19), "$.spec.split.weights.v3", "unknown version");
    assertThat(problem).hasToString("orders.yaml:11:19 $.spec.split.weights.v3: unknown version");
    assertThat(Problem.warning(Location.ofFile("orders.yaml"), "$", "odd"))
        .hasToString("orders.yaml $: warning: odd");
  }

  @Test
  void problemsAreSortedByPlaceAndOnlyErrorsCountAsErrors() {
    Problem late = Problem.error(new Location("a.yaml", 10, 1), "$", "late");
    Problem early = Problem.warning(new Location("a.yaml", 9, 30), "$", "early");
    assertThat(Stream.of(late, early).sorted()).containsExactly(early, late);
    assertThat(Problem.anyError(List.of(early))).isFalse();
    assertThat(Problem.anyError(List.of(early, late))).isTrue();
  }
}
