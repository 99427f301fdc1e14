package dev.sluice.server.source.consul;

import static dev.sluice.server.source.consul.Instance.State.PASSING;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RestoredTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final List<Instance> TWO = OutageTest.instances(PASSING, PASSING);

  private final Restored restored = new Restored(Duration.ofSeconds(60));

  @Test
  void nothingIsKeptUntilTheIndexWentBackwards() {
    assertThat(restored.with("orders", List.of())).isEmpty();
    assertThat(restored.until()).isEmpty();
  }

  @Test
  void whatIsMissingStaysUntilItIsSeenOnceMore() {
    restored.begin(Map.of("orders", TWO), 0);
    assertThat(restored.with("orders", List.of())).containsExactlyInAnyOrderElementsOf(TWO);
    assertThat(restored.with("orders", TWO.subList(0, 1))).containsExactlyInAnyOrderElementsOf(TWO);
    assertThat(restored.with("orders", List.of()))
        .as("the first was seen, so that it is gone for certain")
        .containsExactly(TWO.get(1));
    assertThat(restored.kept()).isEqualTo(Map.of("orders", new Restored.Kept(1, 60 * SECOND)));
    assertThat(restored.with("orders", TWO.subList(1, 2))).containsExactly(TWO.get(1));
    assertThat(restored.until()).as("all were seen").isEmpty();
  }

  @Test
  void itEnds() {
    restored.begin(Map.of("orders", TWO), 0);
    assertThat(restored.until()).hasValue(60 * SECOND);
    assertThat(restored.end(59 * SECOND)).isEmpty();
    assertThat(restored.end(60 * SECOND)).isEqualTo(Set.of("orders"));
    assertThat(restored.with("orders", List.of())).isEmpty();
  }

  @Test
  void aServiceThatIsDoubtedAlreadyIsNotForgottenWhenAllAre() {
    restored.begin("orders", TWO, 0);
    assertThat(restored.with("orders", List.of())).hasSize(2);
    restored.begin(Map.of("orders", List.of(), "carts", TWO), SECOND);
    assertThat(restored.with("orders", List.of())).containsExactlyInAnyOrderElementsOf(TWO);
    assertThat(restored.kept()).as("nobody knows yet of carts").containsOnlyKeys("orders");
    assertThat(restored.end(60 * SECOND)).isEqualTo(Set.of("orders"));
    assertThat(restored.end(61 * SECOND)).isEqualTo(Set.of("carts"));
  }

  @Test
  void oneMoreTimeBackwardsAddsToWhatIsKept() {
    restored.begin("orders", TWO.subList(0, 1), 0);
    restored.begin("orders", TWO.subList(1, 2), SECOND);
    assertThat(restored.with("orders", List.of())).containsExactlyInAnyOrderElementsOf(TWO);
    assertThat(restored.until()).hasValue(61 * SECOND);
  }

  @Test
  void itCanBeTurnedOff() {
    Restored off = new Restored(Duration.ZERO);
    off.begin(Map.of("orders", TWO), 0);
    assertThat(off.with("orders", List.of())).isEmpty();
  }
}
