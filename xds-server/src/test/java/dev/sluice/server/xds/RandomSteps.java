package dev.sluice.server.xds;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Runs random sequences of steps. When one fails it leaves out steps for as long as it still fails,
 * and tells the seed and what the few steps do that are left.
 */
final class RandomSteps {
  private RandomSteps() {}

  /** One sequence, from its start; a step fails by an {@link AssertionError} or an exception. */
  interface Run {
    /** Does something, all of whose choices {@code choices} makes. */
    void step(Random choices);

    /** What has to hold at the end. */
    void end();

    /** What was done so far, a line for each step. */
    List<String> done();
  }

  /** Runs {@code sequences} of {@code length} steps, each of a seed of its own. */
  static void check(int sequences, int length, Supplier<Run> fresh) {
    long first = System.nanoTime();
    for (long seed = first; seed < first + sequences; seed++) {
      List<Long> steps = new Random(seed).longs(length).boxed().toList();
      if (fails(steps, fresh)) {
        throw told(seed, shortest(steps, fresh), fresh);
      }
    }
  }

  private static boolean fails(List<Long> steps, Supplier<Run> fresh) {
    try {
      run(steps, fresh.get());
      return false;
    } catch (AssertionError | RuntimeException e) {
      return true;
    }
  }

  private static void run(List<Long> steps, Run run) {
    steps.forEach(step -> run.step(new Random(step)));
    run.end();
  }

  /** Leaves out halves, then ever smaller pieces, down to single steps. */
  private static List<Long> shortest(List<Long> failing, Supplier<Run> fresh) {
    List<Long> steps = failing;
    for (int piece = Math.max(1, steps.size() / 2); piece >= 1; piece /= 2) {
      int at = 0;
      while (at < steps.size()) {
        List<Long> fewer = new ArrayList<>(steps);
        fewer.subList(at, Math.min(steps.size(), at + piece)).clear();
        if (fails(fewer, fresh)) {
          steps = fewer;
        } else {
          at += piece;
        }
      }
    }
    return steps;
  }

  private static AssertionError told(long seed, List<Long> steps, Supplier<Run> fresh) {
    Run run = fresh.get();
    try {
      run(steps, run);
      return new AssertionError("seed %d failed, and did not when run again".formatted(seed));
    } catch (AssertionError | RuntimeException e) {
      String done = String.join("\n  ", run.done());
      return new AssertionError("seed %d, shrunk to\n  %s\n%s".formatted(seed, done, e), e);
    }
  }
}
