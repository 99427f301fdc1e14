package dev.sluice.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DebounceTest {

  private static final long MS = 1_000_000;

  @Test
  void theFirstAfterAQuietTimeGoesAtOnce() {
    assertThat(Debounce.IDLE.due(5 * MS)).isEqualTo(5 * MS);
    Debounce told = Debounce.IDLE.told(5 * MS, 5 * MS, 1);
    assertThat(told.due(105 * MS)).isEqualTo(105 * MS);
  }

  @Test
  void aSecondOneWaitsALittle() {
    Debounce told = Debounce.IDLE.told(0, 0, 1);
    assertThat(told.due(2 * MS)).isEqualTo(7 * MS);
  }

  @Test
  void waitsGrowWithABurstUpToTheMostAndStartAgainAfterIt() {
    Debounce debounce = Debounce.IDLE.told(0, 0, 1);
    long now = 0;
    long longest = 0;
    for (int i = 0; i < 20; i++) {
      long first = now + MS;
      now = debounce.due(first);
      longest = Math.max(longest, now - first);
      debounce = debounce.told(now, first, 10);
    }
    assertThat(longest).isEqualTo(100 * MS);
    Debounce after = debounce.told(now + 300 * MS, now + 300 * MS, 1);
    assertThat(after.due(now + 301 * MS)).isEqualTo(now + 306 * MS);
  }

  @Test
  void waitsThatGatherNothingShrink() {
    Debounce busy = new Debounce(true, 0, 80 * MS);
    assertThat(busy.told(81 * MS, MS, 1).window()).isEqualTo(40 * MS);
    assertThat(new Debounce(true, 0, 5 * MS).told(6 * MS, MS, 1).window()).isEqualTo(5 * MS);
  }

  @Test
  void nothingEverWaitsLongerThanTheMost() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Debounce debounce = Debounce.IDLE;
    long now = random.nextLong();
    for (int i = 0; i < 10_000; i++) {
      long first = now + random.nextLong(150 * MS);
      now = debounce.due(first);
      assertThat(now - first).as("seed %d", seed).isBetween(0L, 100 * MS);
      debounce = debounce.told(now, first, 1 + random.nextInt(5));
    }
  }
}
