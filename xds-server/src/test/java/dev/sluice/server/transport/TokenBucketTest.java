package dev.sluice.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10); // The clock may wrap.
  private final TokenBucket bucket = new TokenBucket(4, now::get);

  @Test
  void aSecondsWorthIsThereAtOnceAndThenOneByOne() {
    assertThat(taken()).isEqualTo(4);
    pass(250);
    assertThat(taken()).isEqualTo(1);
    pass(500);
    assertThat(taken()).isEqualTo(2);
  }

  @Test
  void aPauseSavesUpNoMoreThanASecondsWorth() {
    assertThat(taken()).isEqualTo(4);
    pass(60_000);
    assertThat(taken()).isEqualTo(4);
  }

  private void pass(int millis) {
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private int taken() {
    int taken = 0;
    while (bucket.take()) {
      taken++;
    }
    return taken;
  }
}
