package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeersConditionTest {
  private static final String MISSING = "install it with: bin/peers install envoy";
  private static final Optional<Path> ENVOY = Optional.of(Path.of("envoy"));

  @Test
  void aMissingEnvoySkipsTheTestWithTheCommandThatInstallsIt() {
    var result = new PeersCondition(Optional.empty(), MISSING, false).evaluate();

    assertThat(result.isDisabled()).isTrue();
    assertThat(result.getReason()).get().asString().contains("bin/peers install envoy");
  }

  @Test
  void aMissingEnvoyFailsTheTestWhereItIsRequired() {
    PeersCondition condition = new PeersCondition(Optional.empty(), MISSING, true);

    assertThat(condition.evaluate().isDisabled()).isFalse();
    assertThatThrownBy(condition::demand).hasMessageContaining("bin/peers install envoy");
  }

  @Test
  void anEnvoyThatIsThereIsUsed() {
    PeersCondition condition = new PeersCondition(ENVOY, MISSING, false);

    assertThat(condition.evaluate().isDisabled()).isFalse();
    assertThatCode(condition::demand).doesNotThrowAnyException();
  }
}
