package dev.sluice.server.source.kubernetes;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which objects changed since the source looked last. Informers write it, the source's thread takes
 * it. Only names are kept: what they are now is read where it is needed, so that an event that
 * comes twice, late or in another order does no harm.
 */
final class Touched {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition any = lock.newCondition();
  private Map<Watched<?>, Set<String>> changed = new HashMap<>();
  private Map<Watched<?>, Set<String>> doubtful = new HashMap<>();
  private final Map<Watched<?>, Set<String>> missing = new HashMap<>();
  private boolean woken;

  /**
   * What changed.
   *
   * @param changed keys of objects that came, changed or went, as the API server told
   * @param doubtful keys of objects that differ in a new list, or that it lacks, and of which no
   *     event told
   */
  record Batch(Map<Watched<?>, Set<String>> changed, Map<Watched<?>, Set<String>> doubtful) {
    /** All keys of a kind. */
    Set<String> all(Watched<?> kind) {
      Set<String> all = new HashSet<>(changed(kind));
      all.addAll(doubtful(kind));
      return all;
    }

    Set<String> changed(Watched<?> kind) {
      return changed.getOrDefault(kind, Set.of());
    }

    Set<String> doubtful(Watched<?> kind) {
      return doubtful.getOrDefault(kind, Set.of());
    }
  }

  /** Notes that an object came, changed or went. */
  void changed(Watched<?> kind, String key) {
    lock.lock();
    try {
      changed.computeIfAbsent(kind, _ -> new HashSet<>()).add(key);
      any.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Notes that a new list shows an object that is new or differs. */
  void doubtful(Watched<?> kind, String key) {
    lock.lock();
    try {
      doubtful.computeIfAbsent(kind, _ -> new HashSet<>()).add(key);
      any.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Notes that a new list lacks an object; it is seen with all others, after {@link #listed}. */
  void missing(Watched<?> kind, String key) {
    lock.lock();
    try {
      missing.computeIfAbsent(kind, _ -> new HashSet<>()).add(key);
    } finally {
      lock.unlock();
    }
  }

  /** Lets the source see, at once, all that a list which is complete now lacks. */
  void listed(Watched<?> kind) {
    lock.lock();
    try {
      Set<String> all = missing.remove(kind);
      if (all != null) {
        doubtful.computeIfAbsent(kind, _ -> new HashSet<>()).addAll(all);
      }
      woken = true;
      any.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the source look, though no object changed. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      any.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something changed, {@link #wake} is called or the time is over; gives all. */
  Batch take(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (changed.isEmpty() && doubtful.isEmpty() && !woken && left > 0) {
        left = any.awaitNanos(left);
      }
      Batch batch = new Batch(changed, doubtful);
      changed = new HashMap<>();
      doubtful = new HashMap<>();
      woken = false;
      return batch;
    } finally {
      lock.unlock();
    }
  }
}
