package dev.sluice.e2e;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends a mesh's server again and again, at once and gracefully by turns, and starts it anew. */
final class ReplicaRestarts implements AutoCloseable {
  private final TestMesh mesh;
  private final Object restarting = new Object();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CompletableFuture<Void> done;
  private final AtomicInteger count = new AtomicInteger();

  /** The first restart comes after {@code period}. */
  ReplicaRestarts(TestMesh mesh, Duration period) {
    this.mesh = mesh;
    done = CompletableFuture.runAsync(() -> run(period), task -> Thread.ofPlatform().start(task));
  }

  private void run(Duration period) {
    try {
      while (!stopping.await(period.toNanos(), TimeUnit.NANOSECONDS)) {
        between(this::restart);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void restart() {
    if (count.get() % 2 == 1) {
      mesh.server().drain();
    }
    mesh.stopServer();
    mesh.startServer();
    count.incrementAndGet();
  }

  /** Runs while no restart is under way. */
  void between(Runnable task) {
    synchronized (restarting) {
      task.run();
    }
  }

  /** How many there have been. */
  int count() {
    return count.get();
  }

  /** Lets the restart that is under way be the last; fails if one did. */
  @Override
  public void close() {
    stopping.countDown();
    done.join();
  }
}
