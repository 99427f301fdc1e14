package dev.sluice.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTest {
  @ParameterizedTest
  @CsvSource({"0.010, 0.01", "-5, -5", "1e6, 1000000", "0.0, 0", "1E-3, 0.001"})
  void equalNumbersAreWrittenAlike(String text, String written) {
    assertThat(Decimal.parse(text)).hasToString(written).isEqualTo(Decimal.parse(written));
  }

  @ParameterizedTest
  @ValueSource(strings = {"few", "", "1,5", ".inf", "NaN"})
  void whatIsNoNumberIsToldSo(String text) {
    assertThatThrownBy(() -> Decimal.parse(text))
        .hasMessage("\"" + text + "\" is not a number; write such as 0.5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e31", "1e-31", "1234567890123456789012345678901"})
  void aNumberHasSoManyDigitsAtMost(String text) {
    assertThatThrownBy(() -> Decimal.parse(text)).hasMessage("number has more than 30 digits");
  }
}
