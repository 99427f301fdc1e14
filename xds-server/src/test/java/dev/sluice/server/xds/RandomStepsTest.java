package dev.sluice.server.xds;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomStepsTest {
  @Test
  void aFailureIsToldWithItsSeedAndTheStepsThatItNeeds() {
    assertThatThrownBy(() -> RandomSteps.check(1, 200, ThreeOfAKind::new))
        .isInstanceOf(AssertionError.class)
        .hasMessageMatching("(?s)seed -?\\d+, shrunk to\n  two\n  two\n  two\n.*three times two.*");
  }

  /** Fails at the third step of one kind. */
  private static final class ThreeOfAKind implements RandomSteps.Run {
    private final List<String> done = new ArrayList<>();
    private int twos;

    @Override
    public void step(Random choices) {
      int choice = choices.nextInt(4);
      done.add(choice == 2 ? "two" : "another");
      twos += choice == 2 ? 1 : 0;
    }

    @Override
    public void end() {
      if (twos >= 3) {
        throw new IllegalStateException("three times two");
      }
    }

    @Override
    public List<String> done() {
      return done;
    }
  }
}
