package dev.sluice.policy.attach;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPatternTest {
  @ParameterizedTest
  @CsvSource({
    "*, a.example.com",
    "*, *.example.com",
    "a.example.com, a.example.com",
    "*.example.com, a.example.com",
    "*.example.com, a.b.example.com",
    "*.example.com, *.example.com",
    "*.example.com, *.b.example.com",
  })
  void aPatternTakesItselfAndWhatIsBelowItsStar(String pattern, String host) {
    assertThat(HostPattern.covers(pattern, host)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "a.example.com, b.example.com",
    "a.example.com, *.example.com",
    "*.example.com, example.com",
    "*.example.com, badexample.com",
    "*.example.com, .example.com",
    "*.b.example.com, *.example.com",
    "*.example.com, *",
  })
  void aPatternTakesNothingElse(String pattern, String host) {
    assertThat(HostPattern.covers(pattern, host)).isFalse();
  }
}
