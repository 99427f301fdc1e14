package dev.sluice.server.overrides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.spec.InstanceOverride.Match;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceNameTest {
  @Test
  void anInstanceIsNamedAsGetServicesShowsIt() {
    assertThat(InstanceName.parse("10.0.0.7")).isEqualTo(at("10.0.0.7"));
    assertThat(InstanceName.parse("10.0.0.7:8080")).isEqualTo(at("10.0.0.7", 8080));
    assertThat(InstanceName.parse("2001:db8::1")).isEqualTo(at("2001:db8::1"));
    assertThat(InstanceName.parse("[2001:db8::1]")).isEqualTo(at("2001:db8::1"));
    assertThat(InstanceName.parse("[2001:db8::1]:8080,9000"))
        .isEqualTo(at("2001:db8::1", 8080, 9000));
    assertThat(InstanceName.parse("orders-7f9c-x2x4l"))
        .isEqualTo(new InstanceName.Pod("orders-7f9c-x2x4l"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Orders", "10.0.0.7:0", "10.0.0.7:99999", "a/b", "10.0.0.7:http"})
  void whatIsNoNameIsRefusedWithWhatOneIs(String text) {
    assertThatThrownBy(() -> InstanceName.parse(text))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("\"" + text + "\" is no instance; write its address");
  }

  @Test
  void anAddressIsTheSameHoweverItIsWritten() {
    assertThat(InstanceName.parse("2001:DB8:0::1").isSaidBy(address("2001:db8::1"))).isTrue();
    assertThat(InstanceName.parse("10.0.0.7").isSaidBy(address("10.0.0.7:8080"))).isTrue();
    assertThat(InstanceName.parse("10.0.0.7:80").isSaidBy(address("10.0.0.7:8080"))).isFalse();
    assertThat(InstanceName.parse("10.0.0.7:80").isSaidBy(address("10.0.0.8:80"))).isFalse();
    assertThat(InstanceName.parse("pod-1").isSaidBy(address("10.0.0.7"))).isFalse();
    assertThat(InstanceName.parse("pod-1").isSaidBy(new Match(null, "pod-1", new TreeMap<>())))
        .isTrue();
  }

  @Test
  void whatNobodyKnowsIsWrittenAsItIsNamed() {
    assertThat(InstanceName.parse("[::1]:80").asWritten()).contains(address("[::1]:80"));
    assertThat(InstanceName.parse("10.0.0.7").asWritten()).contains(address("10.0.0.7"));
    assertThat(InstanceName.parse("10.0.0.7:1,2").asWritten()).isEmpty();
  }

  private static InstanceName at(String ip, Integer... ports) {
    return new InstanceName.At(ip, new TreeSet<>(List.of(ports)));
  }

  private static Match address(String text) {
    return new Match(text, null, new TreeMap<>());
  }
}
