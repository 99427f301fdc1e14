package dev.sluice.server.transport;

import java.util.concurrent.atomic.AtomicInteger;

/** Room for so many at a time. */
final class Room {
  private Room() {}

  /** Adds one to {@code taken}, if it is below {@code most}. */
  static boolean enter(AtomicInteger taken, int most) {
    int before = taken.get();
    while (before < most) {
      int found = taken.compareAndExchange(before, before + 1);
      if (found == before) {
        return true;
      }
      before = found;
    }
    return false;
  }
}
