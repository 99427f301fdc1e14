package dev.sluice.server.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.ServiceId;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AwaitedPodsTest {
  private static final ServiceId ID = new ServiceId("orders", "shop");

  /** Times may be negative, and run over the highest number. */
  private static final long START = Long.MAX_VALUE - millis(10);

  private final AwaitedPods awaited = new AwaitedPods();

  @BeforeEach
  void live() {
    awaited.live(true);
  }

  @Test
  void whosePodsAreKnownDoesNotWait() {
    assertThat(awaited.waits(ID, false, false, START)).isFalse();
    assertThat(awaited.next()).isEmpty();
  }

  @Test
  void itWaitsUntilThePodIsKnown() {
    assertThat(awaited.waits(ID, true, false, START)).isTrue();
    assertThat(awaited.waits(ID, true, false, START + millis(299))).isTrue();
    assertThat(awaited.waits(ID, false, false, START + millis(299))).isFalse();
    assertThat(awaited.next()).isEmpty();
  }

  @Test
  void aPodThatDoesNotComeIsGoneOnWithout() {
    awaited.waits(ID, true, false, START);

    assertThat(awaited.next()).hasValue(START + millis(300));
    assertThat(awaited.due(START + millis(299))).isEmpty();
    assertThat(awaited.due(START + millis(300))).containsExactly(ID);
    assertThat(awaited.waits(ID, true, false, START + millis(300))).isFalse();
    assertThat(awaited.due(START + millis(300))).isEmpty();
  }

  @Test
  void whilePodsAreListedAnewItWaitsLonger() {
    awaited.live(false);
    awaited.waits(ID, true, false, START);

    assertThat(awaited.due(START + millis(9_999))).isEmpty();
    assertThat(awaited.waits(ID, true, false, START + millis(9_999))).isTrue();
    awaited.live(true);
    assertThat(awaited.due(START + millis(300))).containsExactly(ID);
  }

  @Test
  void whatWasDoubtfulStaysSoWhileItWaits() {
    awaited.waits(ID, true, true, START);
    awaited.waits(ID, true, false, START + millis(1));
    assertThat(awaited.wasDoubtful(ID)).isTrue();

    awaited.certain(ID);
    assertThat(awaited.wasDoubtful(ID)).isFalse();
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
