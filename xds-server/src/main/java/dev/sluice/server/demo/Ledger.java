package dev.sluice.server.demo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** All requests so far: those of the last half minute one by one, the rest counted. */
final class Ledger {
  private static final long KEPT_NANOS = 30_000_000_000L;

  private final ArrayDeque<Sample> recent = new ArrayDeque<>();
  private long total;
  private long failures;
  private String firstFailure = "";

  synchronized void add(Sample sample) {
    total++;
    if (sample.hasFailed()) {
      failures++;
      firstFailure = firstFailure.isEmpty() ? sample.failure() : firstFailure;
    }
    recent.addLast(sample);
    while (recent.getFirst().endedAt() - sample.endedAt() < -KEPT_NANOS) {
      recent.removeFirst();
    }
  }

  /** The requests that began and ended since {@code nanoTime}, at most those of half a minute. */
  synchronized List<Sample> since(long nanoTime) {
    List<Sample> found = new ArrayList<>();
    for (Iterator<Sample> newest = recent.descendingIterator(); newest.hasNext(); ) {
      Sample sample = newest.next();
      if (sample.endedAt() - nanoTime < 0) {
        break;
      }
      if (sample.endedAt() - sample.nanos() - nanoTime >= 0) {
        found.add(sample);
      }
    }
    return found.reversed();
  }

  synchronized long total() {
    return total;
  }

  synchronized long failures() {
    return failures;
  }

  /** Why the first request that failed did; empty when none has. */
  synchronized Optional<String> firstFailure() {
    return firstFailure.isEmpty() ? Optional.empty() : Optional.of(firstFailure);
  }
}
