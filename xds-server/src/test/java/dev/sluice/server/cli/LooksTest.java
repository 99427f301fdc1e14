package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LooksTest {
  private final List<Integer> told = new ArrayList<>();

  private int until(Duration timeout, int enough) {
    return new Looks(timeout).until(0, known -> known + 1, known -> known >= enough, told::add);
  }

  @Test
  void itEndsWithTheLookThatShowsWhatIsWaitedFor() {
    assertThat(until(Duration.ofSeconds(20), 3)).isEqualTo(3);
    assertThat(told).containsExactly(1, 2, 3);
  }

  @Test
  void itLooksOnceMoreWhenTheTimeIsOverAndThenNoMore() {
    assertThat(until(Duration.ofMillis(1), 100)).isEqualTo(2);
    assertThat(until(Duration.ZERO, 100)).isEqualTo(1);
  }

  @Test
  void whoIsInterruptedIsToldWhatIsKnown() {
    Thread.currentThread().interrupt();

    assertThat(until(Duration.ofSeconds(20), 100)).isEqualTo(1);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void thePausesBecomeLongerAndAreLongWhereAnswersAre() {
    assertThat(Looks.longer(Duration.ofMillis(100))).isEqualTo(Duration.ofMillis(150));
    assertThat(Looks.longer(Duration.ofMillis(900))).isEqualTo(Duration.ofSeconds(1));
    assertThat(Looks.atLeastTwice(Duration.ofMillis(100), Duration.ofMillis(40)))
        .isEqualTo(Duration.ofMillis(100));
    assertThat(Looks.atLeastTwice(Duration.ofMillis(100), Duration.ofSeconds(3)))
        .isEqualTo(Duration.ofSeconds(6));
  }
}
