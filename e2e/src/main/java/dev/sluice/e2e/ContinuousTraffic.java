package dev.sluice.e2e;

import dev.sluice.e2e.TrafficClient.Sender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Traffic that goes on while a test changes things; every answer is kept. */
public final class ContinuousTraffic implements AutoCloseable {
  private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final List<Thread> senders = new ArrayList<>();
  private final CountDownLatch stopping = new CountDownLatch(1);

  ContinuousTraffic(TrafficClient client, int connections, Duration pause) {
    for (int i = 0; i < connections; i++) {
      senders.add(Thread.ofVirtual().start(() -> send(client, pause)));
    }
  }

  private void send(TrafficClient client, Duration pause) {
    try (Sender sender = new Sender(client)) {
      boolean stopped = false;
      while (!stopped) {
        Answer answer = sender.send();
        answers.add(answer);
        answered.incrementAndGet();
        // Nobody listening must not fill the memory with failures.
        long nanos = answer.status() == 0 ? Math.max(pause.toNanos(), 1_000_000) : pause.toNanos();
        stopped = stopping.await(nanos, TimeUnit.NANOSECONDS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many answers there are so far. */
  public int answered() {
    return answered.get();
  }

  /** The answers so far. */
  public TrafficReport soFar() {
    return new TrafficReport(List.copyOf(answers));
  }

  /**
   * Waits until this many requests that were sent after the instant ({@link System#nanoTime}) have
   * been answered, and gives just those.
   */
  public TrafficReport awaitSentAfter(long nanos, int count) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (true) {
      TrafficReport report = soFar().sentAfter(nanos);
      if (report.count() >= count) {
        return report;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("only " + report.count() + " of " + count + " requests in 120 s");
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  /** Waits until this many requests sent from now on have been answered, and gives just those. */
  public TrafficReport await(int count) {
    long now = System.nanoTime();
    long deadline = now + TimeUnit.SECONDS.toNanos(120);
    int enough = answered.get() + count;
    // A million answers are not looked through each time that one comes.
    while (answered.get() < enough && System.nanoTime() < deadline) {
      LockSupport.parkNanos(10_000_000);
    }
    return awaitSentAfter(now, count);
  }

  /**
   * How many milliseconds after the instant ({@link System#nanoTime}) the last request was sent
   * whose answer was like this; 0 where there was none. Waits until there was none for long.
   */
  public long millisUntilLast(long nanos, Predicate<Answer> like) {
    awaitSentAfter(nanos + TimeUnit.SECONDS.toNanos(2), 100);
    return soFar().where(like).answers().stream()
        .mapToLong(answer -> TimeUnit.NANOSECONDS.toMillis(answer.sentNanos() - nanos))
        .filter(millis -> millis > 0)
        .max()
        .orElse(0);
  }

  /** Stops sending, waits for what is under way, and gives everything. */
  public TrafficReport stop() {
    stopping.countDown();
    try {
      for (Thread sender : senders) {
        sender.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return soFar();
  }

  @Override
  public void close() {
    stop();
  }
}
