package dev.sluice.server.rollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Random answers, judged as they come, against all of them looked at once. */
final class VerdictsModelTest {
  private static final Duration BETWEEN = Duration.ofSeconds(10);

  private final long seed = Long.getLong("analysis.seed", new Random().nextLong());

  /** Something that nobody asks. */
  private record Named(String name) implements Check {
    @Override
    public String bounds() {
      return "fine";
    }

    @Override
    public CompletableFuture<Answer> ask() {
      throw new IllegalStateException(name + " is not asked");
    }
  }

  @Test
  void judgesAnswersAsTheyComeAsIfAllWereLookedAtOnce() {
    System.out.println("-Danalysis.seed=" + seed);
    Random seeds = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      long own = seeds.nextLong();
      Random random = new Random(own);
      Pace pace =
          new Pace(
              Duration.ZERO,
              BETWEEN,
              1 + random.nextInt(3),
              BETWEEN.multipliedBy(1 + random.nextInt(4)));
      List<List<Answer>> given = new ArrayList<>();
      List<Course> courses = new ArrayList<>();
      for (int check = 0; check < 1 + random.nextInt(3); check++) {
        given.add(new ArrayList<>());
        courses.add(Course.beginning(new Named("check" + check)));
      }
      Instant now = Samples.BEGIN;
      for (int round = 0; round < 12; round++) {
        now = now.plus(BETWEEN);
        for (int check = 0; check < courses.size(); check++) {
          Answer answer = answer(random);
          given.get(check).add(answer);
          courses.set(check, courses.get(check).after(answer, now, now));
        }
        assertThat(Verdicts.of(courses, pace, now).getClass())
            .as("seed %d: %s by %s", own, given, pace)
            .isEqualTo(expected(given, pace));
      }
    }
  }

  private static Answer answer(Random random) {
    return switch (random.nextInt(5)) {
      case 0, 1 -> new Answer.Bad("b");
      case 2 -> new Answer.None("n");
      default -> new Answer.Good("g");
    };
  }

  private static Class<? extends Measured> expected(List<List<Answer>> given, Pace pace) {
    if (given.stream().anyMatch(answers -> badAtTheEnd(answers) >= pace.failureLimit())) {
      return Measured.Failed.class;
    }
    long silent = pace.inconclusiveFor().dividedBy(BETWEEN);
    if (given.stream().anyMatch(answers -> noneAtTheEnd(answers) > silent)) {
      return Measured.Inconclusive.class;
    }
    return given.stream().allMatch(answers -> said(answers).endsWith("g"))
        ? Measured.Good.class
        : Measured.Pending.class;
  }

  /** The answers that are answers, as a text of g and b. */
  private static String said(List<Answer> answers) {
    StringBuilder said = new StringBuilder();
    for (Answer answer : answers) {
      switch (answer) {
        case Answer.Good _ -> said.append('g');
        case Answer.Bad _ -> said.append('b');
        case Answer.None _ -> {}
      }
    }
    return said.toString();
  }

  private static int badAtTheEnd(List<Answer> answers) {
    String said = said(answers);
    return said.length() - 1 - said.lastIndexOf('g');
  }

  private static int noneAtTheEnd(List<Answer> answers) {
    int none = 0;
    for (Answer answer : answers) {
      none = answer instanceof Answer.None ? none + 1 : 0;
    }
    return none;
  }
}
