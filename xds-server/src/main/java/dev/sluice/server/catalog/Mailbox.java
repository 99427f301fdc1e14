package dev.sluice.server.catalog;

import dev.sluice.catalog.SourceName;
import dev.sluice.source.SourceUpdate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the writer's thread, in order of arrival; loses nothing.
 *
 * <p>It holds a bounded number of updates: a source that tells more waits until there is room.
 * Tasks are not counted, since those who post them must not be held up and are few.
 */
final class Mailbox {

  /** One thing to do on the writer's thread. */
  sealed interface Item {

    /** Updates to fold, told at that time of the machine's clock, in nanoseconds. */
    record Facts(SourceName source, List<SourceUpdate> updates, long at) implements Item {
      public Facts {
        updates = List.copyOf(updates);
      }
    }

    /** Something to run. */
    record Task(Runnable task) implements Item {}
  }

  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition notFull = lock.newCondition();
  private final Queue<Item> items = new ArrayDeque<>();
  private int facts;
  private boolean closed;

  /** One for at most {@code capacity} lists of updates. */
  Mailbox(int capacity) {
    this.capacity = capacity;
  }

  /** Posts updates, waiting for room; after {@link #close} they are dropped. */
  void put(Item.Facts item) {
    lock.lock();
    try {
      while (facts >= capacity && !closed) {
        notFull.awaitUninterruptibly();
      }
      add(item);
    } finally {
      lock.unlock();
    }
  }

  /** Posts without waiting for room: a task, or updates from the writer's own thread. */
  void putNow(Item item) {
    lock.lock();
    try {
      add(item);
    } finally {
      lock.unlock();
    }
  }

  private void add(Item item) {
    if (closed) {
      return;
    }
    items.add(item);
    if (item instanceof Item.Facts) {
      facts++;
    }
    notEmpty.signal();
  }

  /** Takes all there is, waiting at most {@code nanos} for something; empty after that time. */
  List<Item> take(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (items.isEmpty() && !closed && left > 0) {
        left = notEmpty.awaitNanos(left);
      }
      List<Item> all = new ArrayList<>(items);
      items.clear();
      facts = 0;
      notFull.signalAll();
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** Lets everybody go who waits; nothing is taken up any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      items.clear();
      notEmpty.signalAll();
      notFull.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  int length() {
    lock.lock();
    try {
      return items.size();
    } finally {
      lock.unlock();
    }
  }

  /** How long {@link #take} waits where nothing is due. */
  static final long FOREVER = TimeUnit.DAYS.toNanos(1);
}
