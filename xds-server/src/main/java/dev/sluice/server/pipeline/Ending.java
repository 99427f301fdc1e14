package dev.sluice.server.pipeline;

import dev.sluice.problem.Problem;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has overrides end when their time has come; the writer's thread alone, but for the problems. */
final class Ending {
  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

  /** How long it takes until what could not be ended is ended again. */
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final Later later;
  private final Supplier<Documents> told;
  private final Supplier<Documents> inForce;
  private final Consumer<SortedSet<DocumentKey>> end;
  private volatile List<Problem> problems = List.of();

  /** When it will next be looked for some that have ended. */
  private Instant next = Instant.MAX;

  /**
   * None yet.
   *
   * @param told all documents that sources tell
   * @param inForce those in force by now
   * @param end has some be in force no longer
   */
  Ending(
      InstantSource clock,
      Later later,
      Supplier<Documents> told,
      Supplier<Documents> inForce,
      Consumer<SortedSet<DocumentKey>> end) {
    this.clock = clock;
    this.later = later;
    this.told = told;
    this.inForce = inForce;
    this.end = end;
  }

  /** What the authors of those that have ended should know; any thread. */
  List<Problem> problems() {
    return problems;
  }

  /** Notes which have ended, and sees to those that will. */
  void note(Instant now) {
    problems = Expiry.problems(told.get(), now);
    Instant at =
        over(now).isEmpty()
            ? Expiry.next(told.get(), now).orElse(Instant.MAX)
            : now.plus(TRY_AGAIN);
    if (at.isBefore(next)) {
      next = at;
      later.at(at, this::look);
    }
  }

  private void look() {
    Instant now = clock.instant();
    next = Instant.MAX;
    try {
      SortedSet<DocumentKey> over = over(now);
      if (!over.isEmpty()) {
        LOG.info("ended: {}", over);
        end.accept(over);
      }
    } finally {
      note(now);
    }
  }

  private SortedSet<DocumentKey> over(Instant now) {
    SortedSet<DocumentKey> over = new TreeSet<>();
    Expiry.over(inForce.get(), now).forEach(one -> over.add(one.key()));
    return Collections.unmodifiableSortedSet(over);
  }
}
