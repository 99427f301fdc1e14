package dev.sluice.server.source.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Pace pace = new Pace(new SplittableRandom(1), 0);

  @Test
  void aFewAnswersMayFollowEachOtherAtOnce() {
    for (int i = 0; i < 10; i++) {
      assertThat(pace.afterAnswer(i * MS)).isEqualTo(i * MS);
    }
  }

  @Test
  void answersWithoutEndComeTenTimesASecond() {
    long now = 0;
    for (int i = 0; i < 210; i++) {
      now = pace.afterAnswer(now + MS);
    }
    assertThat(now).isBetween(19 * SECOND, 21 * SECOND);
    assertThat(pace.afterAnswer(now + SECOND)).as("rested").isEqualTo(now + SECOND);
  }

  @Test
  void failuresAreTriedAgainSlowerAndSlowerAndAnAnswerEndsThat() {
    long most = 250 * MS;
    for (int i = 0; i < 20; i++) {
      long wait = pace.afterFailure(0);
      assertThat(wait).isBetween(most / 2, most);
      most = Math.min(16 * SECOND, most * 2);
    }
    pace.afterAnswer(SECOND);
    assertThat(pace.afterFailure(SECOND) - SECOND).isBetween(125 * MS, 250 * MS);
  }
}
