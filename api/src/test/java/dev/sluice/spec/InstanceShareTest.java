package dev.sluice.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceShareTest {
  @ParameterizedTest
  @CsvSource({
    "1, 0, 0",
    "1, 5, 1",
    "3, 2, 2",
    "25%, 0, 0",
    "25%, 1, 1",
    "25%, 4, 1",
    "25%, 5, 2",
    "100%, 7, 7",
    "1%, 1000, 10",
    "100%, 100000000, 100000000"
  })
  void itIsSoManyOfThoseThatAreReady(String share, int ready, int meant) {
    assertThat(InstanceShare.parse(share).of(ready)).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 is too small; the least is 1",
    "0%, 0% is not within 1%..100%",
    "101%, 101% is not within 1%..100%",
    "'', '\"\" is no number of instances; write such as 1, or 25% of those ready'",
    "-1, '\"-1\" is no number of instances; write such as 1, or 25% of those ready'",
    "12.5%, '\"12.5%\" is no number of instances; write such as 1, or 25% of those ready'"
  })
  void whatIsNoShareIsToldSo(String text, String message) {
    assertThatThrownBy(() -> InstanceShare.parse(text)).hasMessage(message);
  }

  @Test
  void itIsWrittenAsItIsRead() {
    assertThat(InstanceShare.parse("25%")).hasToString("25%");
    assertThat(InstanceShare.parse("2")).hasToString("2");
    assertThat(InstanceShare.parse("100%")).isEqualTo(InstanceShare.ALL);
  }
}
