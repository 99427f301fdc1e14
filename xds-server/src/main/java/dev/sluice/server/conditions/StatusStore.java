package dev.sluice.server.conditions;

import java.util.Set;

/** Where statuses stand. Of one thread. */
public interface StatusStore {
  /** This server has just become the one that writes: others may have written since. */
  void begin();

  /**
   * Sees to the statuses that are there: those of places that are not there any more go.
   *
   * @param places all that have a status
   * @param now in the time of {@link System#nanoTime}
   * @return the places of which somebody else has changed the status
   * @throws StoreException where it cannot
   */
  Set<String> look(Set<String> places, long now) throws StoreException;

  /**
   * Writes a status, or nothing where it stands there already. One that was stopped in between
   * writes over nothing that another one wrote.
   *
   * @return whether it stands there now: not in a place that went, came anew or changed meanwhile
   * @throws StoreException where it cannot be written
   */
  boolean write(WantedStatus wanted) throws StoreException;
}
