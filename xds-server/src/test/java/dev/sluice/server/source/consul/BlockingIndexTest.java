package dev.sluice.server.source.consul;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockingIndexTest {
  @Test
  void itWaitsForWhatComesAfterTheAnswer() {
    assertThat(BlockingIndex.NONE.after(7)).isEqualTo(new BlockingIndex(7));
    assertThat(new BlockingIndex(7).after(7)).isEqualTo(new BlockingIndex(7));
    assertThat(new BlockingIndex(7).isBackwards(7)).isFalse();
  }

  @Test
  void oneThatWentBackwardsBeginsAnew() {
    assertThat(new BlockingIndex(7).isBackwards(6)).isTrue();
    assertThat(new BlockingIndex(7).after(6)).isEqualTo(BlockingIndex.NONE);
  }

  @Test
  void itIsNeverBelowOneSoThatTheNextQueryWaits() {
    assertThat(BlockingIndex.NONE.after(0)).isEqualTo(new BlockingIndex(1));
    // Consul answers 0 again and again: that is not going backwards from the 1 we made of it.
    assertThat(new BlockingIndex(1).isBackwards(0)).isFalse();
    assertThat(new BlockingIndex(1).after(0)).isEqualTo(new BlockingIndex(1));
  }
}
