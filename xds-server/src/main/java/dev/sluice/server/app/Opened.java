package dev.sluice.server.app;

import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened so far, to be closed where the rest cannot be. */
final class Opened {
  private final Deque<AutoCloseable> all = new ArrayDeque<>();

  /** Notes what was opened, and gives it back. */
  <T extends AutoCloseable> T add(T one) {
    all.push(one);
    return one;
  }

  /** Closes all, the newest first. What fails meanwhile goes with {@code cause}. */
  void close(Throwable cause) {
    all.forEach(
        one -> {
          try {
            one.close();
          } catch (Exception e) {
            cause.addSuppressed(e);
          }
        });
  }
}
