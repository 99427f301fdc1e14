package dev.sluice.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarsTest {
  @ParameterizedTest
  @CsvSource({"0,0", "100,1000000", "12.5,125000", "0.0001,1", "99.9999,999999", "1e1,100000"})
  void aPercentageIsReadToFourDecimals(String text, int millionths) {
    assertThat(Percent.parse(text).millionths()).isEqualTo(millionths);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "100.0001", "0.00001", "half", "", "5%"})
  void whatIsNoPercentageIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Percent.parse(text));
  }

  @Test
  void aPercentageIsWrittenAsItIsRead() {
    Random random = new Random(42);
    for (int i = 0; i < 1_000; i++) {
      Percent percent = new Percent(random.nextInt(1_000_001));
      assertThat(Percent.parse(percent.toString())).isEqualTo(percent);
    }
  }

  @ParameterizedTest
  @CsvSource({"0,0", "512,512", "64Ki,65536", "1Mi,1048576", "3Gi,3221225472"})
  void aSizeIsReadWithItsUnit(String text, long bytes) {
    assertThat(Size.parse(text).bytes()).isEqualTo(bytes);
    assertThat(Size.parse(Size.parse(text).toString())).isEqualTo(Size.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "4Gi", "1MB", "1.5Mi", "Ki", "", "99999999999"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Size.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.1:80,10.0.0.1,80", "[::1]:65535,::1,65535"})
  void anAddressIsAnIpAndAPort(String text, String ip, int port) {
    StaticAddress address = StaticAddress.parse(text);
    assertThat(address).isEqualTo(new StaticAddress(ip, port)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        "example.com:80",
        "10.0.0.1:0",
        "10.0.0.1:65536",
        "::1:80",
        "[10.0.0]:80",
        "",
        "[fe80::1%eth0]:80",
        "10.1:80"
      })
  void whatIsNoAddressIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> StaticAddress.parse(text));
  }

  @Test
  void aRetryConditionIsAWordOfEnvoysOrAStatus() {
    assertThat(RetryOn.parse("connect-failure").isStatus()).isFalse();
    assertThat(RetryOn.parse("5xx").isStatus()).isFalse();
    assertThat(RetryOn.parse("503").isStatus()).isTrue();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetryOn.parse("connection-failure"))
        .withMessageContaining("connect-failure");
    assertThatIllegalArgumentException().isThrownBy(() -> RetryOn.parse("600"));
  }
}
