package dev.sluice.server.rollout.analysis;

import dev.sluice.spec.Analysis;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The measuring of one step: each check is asked when it is due and the answer before has come. Any
 * thread may call it, and one thing is done at a time.
 */
final class Measuring {
  private static final Logger LOG = LoggerFactory.getLogger(Measuring.class);

  /** Nobody looks twice a second any more, so what was measured is of another time. */
  private static final Duration UNSEEN = Duration.ofMinutes(1);

  private final String whose;
  private final Analysis analysis;
  private final Pace pace;
  private final InstantSource clock;
  private final Function<Held, List<Check>> checks;
  private final List<Asking> all;
  private Held held;
  private Instant looked;
  private boolean isOver;

  /** One check and how it has gone. */
  private static final class Asking {
    Check check;
    Course course;
    Instant due;
    @Nullable CompletableFuture<Answer> asked;

    Asking(Check check, Instant due) {
      this.check = check;
      this.course = Course.beginning(check);
      this.due = due;
    }
  }

  /**
   * Begins.
   *
   * @param whose for the log
   * @param checks what is asked of a step: of the same one as many, in the same order
   */
  Measuring(
      String whose,
      Held held,
      Analysis analysis,
      Function<Held, List<Check>> checks,
      InstantSource clock) {
    this.whose = whose;
    this.held = held;
    this.analysis = analysis;
    this.pace = Pace.of(analysis);
    this.clock = clock;
    this.looked = clock.instant();
    Instant first = looked.plus(pace.delay());
    this.checks = checks;
    this.all = checks.apply(held).stream().map(check -> new Asking(check, first)).toList();
  }

  /** Whether this is the measuring of that step, without a break. */
  synchronized boolean isOf(Held other, Analysis section) {
    return !isOver
        && analysis.equals(section)
        && other.isStill(held)
        && looked.plus(pace.interval()).plus(UNSEEN).isAfter(clock.instant());
  }

  /** Asks what is due, and says what the answers so far come to. */
  synchronized Measured look(Held now) {
    if (!now.shares().equals(held.shares())) { // What is asked may name them.
      List<Check> anew = checks.apply(now);
      for (int i = 0; i < all.size(); i++) {
        all.get(i).check = anew.get(i);
      }
    }
    held = now;
    looked = clock.instant();
    for (Asking one : all) {
      if (one.asked == null && !one.due.isAfter(looked)) {
        one.due = looked.plus(pace.interval());
        ask(one, looked);
      }
    }
    return Verdicts.of(all.stream().map(one -> one.course).toList(), pace, looked);
  }

  private void ask(Asking one, Instant began) {
    CompletableFuture<Answer> answer;
    try {
      answer = one.check.ask();
    } catch (IllegalArgumentException e) { // An address that no request can be sent to.
      answer = CompletableFuture.failedFuture(e);
    }
    one.asked = answer;
    var _ =
        answer.whenComplete(
            (said, thrown) ->
                note(one, began, thrown == null ? said : new Answer.None(thrown.toString())));
  }

  private synchronized void note(Asking one, Instant began, Answer said) {
    one.asked = null;
    if (isOver) {
      return;
    }
    Course before = one.course;
    one.course = before.after(said, began, clock.instant());
    if (before.reading().verdict() != one.course.reading().verdict()) {
      log(said, one.course);
    }
  }

  private void log(Answer said, Course course) {
    switch (said) {
      case Answer.Good(String value) ->
          LOG.info("{}: {} is good: {}", whose, course.reading().name(), value);
      case Answer.Bad _ -> LOG.warn("{}: {}", whose, course.failure());
      case Answer.None(String why) ->
          LOG.warn("{}: {} has no answer: {}", whose, course.reading().name(), why);
    }
  }

  synchronized List<Reading> readings() {
    return all.stream().map(one -> one.course.reading()).toList();
  }

  /** Ends; what is under way is given up. */
  synchronized void end() {
    isOver = true;
    for (Asking one : all) {
      if (one.asked != null) {
        one.asked.cancel(true);
      }
    }
  }
}
