package dev.sluice.policy.validate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegexSizeTest {
  /** The sizes are those that Envoy 1.40 reports. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/(orders|payments|users)/x; 28",
        "[0-9a-f]{8}-[0-9a-f]{4}; 29",
        "(?i)canary; 10",
        ".*; 6",
        "/api/v[12]/.*; 14",
        "a|b|c|d; 5",
        "(foo|foobar|fob); 14",
        "\\d+\\.\\d+; 9",
        "^/a$; 5",
        "[^/]+/[^/]+; 11",
        "\\pN; 8",
        "(a*)*; 11",
        "x{2,5}; 12",
        "(abc){3,}; 20",
        "[[:alpha:]_-]+; 8",
        ".{3}; 10",
        "(?s).*x; 6",
        "a{200}; 204"
      })
  void isNotBelowEnvoysOwnAndNotFarAbove(String regex, int envoys) {
    assertThat(RegexSize.of(regex)).isBetween(envoys, envoys + 8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"((a{1000}){1000}){1000}", "(((((a{9999}){9999}))){9999})"})
  void isBoundedForRepetitionsOfRepetitions(String regex) {
    assertThat(RegexSize.of(regex)).isEqualTo(1_000_000);
  }
}
