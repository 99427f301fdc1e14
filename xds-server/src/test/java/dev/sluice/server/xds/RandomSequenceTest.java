package dev.sluice.server.xds;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The machine against a client that does anything at any time; {@link ModelClient} has the rules.
 */
class RandomSequenceTest {
  private static final int SEQUENCES = 300;
  private static final int STEPS = 120;

  @ParameterizedTest
  @EnumSource
  void whatTheClientHoldsConvergesAndNothingIsAnsweredTwice(Variant variant) {
    RandomSteps.check(SEQUENCES, STEPS, () -> new ModelClient(variant, ModelClient.Habit.ANY));
  }

  @ParameterizedTest
  @EnumSource
  void aProxyNeverHoldsARouteToAClusterThatItLacks(Variant variant) {
    RandomSteps.check(SEQUENCES, STEPS, () -> new ModelClient(variant, ModelClient.Habit.PROXY));
  }
}
