package dev.sluice.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLooksTest {
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger looked = new AtomicInteger();
  private Duration takes = Duration.ZERO;

  private final ProgressLooks looks =
      new ProgressLooks(
          () -> {
            looked.incrementAndGet();
            now.addAndGet(takes.toNanos());
            return List.of();
          },
          _ -> Optional.empty(),
          now::get);

  @Test
  void aLookIsKeptForHalfASecond() {
    ProgressLooks.Look first = looks.look();
    pass(Duration.ofMillis(499));
    assertThat(looks.look()).isSameAs(first);

    pass(Duration.ofMillis(1));
    assertThat(looks.look().at()).isEqualTo(Duration.ofMillis(500).toNanos());
    assertThat(looked).hasValue(2);
  }

  @Test
  void aLookThatTakesLongIsKeptLongerSoThatItTakesATwentiethOfTheTime() {
    takes = Duration.ofMillis(300);
    looks.look();
    pass(Duration.ofMillis(5_699));
    looks.look();
    assertThat(looked).hasValue(1);

    pass(Duration.ofMillis(1));
    looks.look();
    assertThat(looked).hasValue(2);
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
