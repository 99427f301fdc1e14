package dev.sluice.server.source.consul;

import dev.sluice.server.consul.ConsulException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One subject, and how far asking about it has come; of the source's thread. */
final class Query {
  private final Subject subject;
  private final Pace pace;
  private BlockingIndex index = BlockingIndex.NONE;
  private boolean answered;
  private boolean atOnce = true;
  private @Nullable Boolean filteredAtFirst;
  private @Nullable ConsulException failure;
  private @Nullable CompletableFuture<?> flight;
  private long turn;
  private long due;

  Query(Subject subject, RandomGenerator random, long now) {
    this.subject = subject;
    this.pace = new Pace(random, now);
    this.due = now;
  }

  Subject subject() {
    return subject;
  }

  /** What is known, as Consul numbers it. */
  BlockingIndex index() {
    return index;
  }

  /** What to wait for a change of; after a failure an answer is wanted that tells of its end. */
  BlockingIndex awaited() {
    return atOnce ? BlockingIndex.NONE : index;
  }

  /** Whether it was answered once. */
  boolean isAnswered() {
    return answered;
  }

  boolean isFlying() {
    return flight != null;
  }

  /** Which time of asking this is. */
  long turn() {
    return turn;
  }

  /** When it may be asked. */
  long due() {
    return due;
  }

  /** Why the last time of asking brought nothing; empty where it did. */
  Optional<ConsulException> failure() {
    return Optional.ofNullable(failure);
  }

  /** It is being asked; gives the number of the turn. */
  long begin() {
    return ++turn;
  }

  void flying(CompletableFuture<?> request) {
    flight = request;
  }

  /** Whether an answer leaves out more than the first one did: the token may do less by now. */
  boolean isNewlyFiltered(boolean filtered) {
    return filtered && Boolean.FALSE.equals(filteredAtFirst);
  }

  /** It was answered; the index waits for what comes after it. */
  void answered(long answeredIndex, boolean filtered, long now) {
    flight = null;
    failure = null;
    answered = true;
    atOnce = false;
    if (filteredAtFirst == null) {
      filteredAtFirst = filtered;
    }
    index = index.after(answeredIndex);
    due = pace.afterAnswer(now);
  }

  void failed(ConsulException why, long now) {
    flight = null;
    failure = why;
    atOnce = true;
    due = pace.afterFailure(now);
  }

  /** Not before then, though it may be asked. */
  void notBefore(long time) {
    due = Math.max(due, time);
  }

  /** Not later than then, though its pace says so. */
  void notAfter(long time) {
    due = Math.min(due, time);
  }

  /** Has it asked anew at once; the answer that is on its way will not count. */
  void restart(long now) {
    cancel();
    atOnce = true;
    due = now;
  }

  /** Ends its waiting; it goes on with the index that it has. */
  void interrupt(long now) {
    cancel();
    due = now;
  }

  void cancel() {
    CompletableFuture<?> flying = flight;
    flight = null;
    turn++;
    if (flying != null) {
      flying.cancel(true);
    }
  }
}
