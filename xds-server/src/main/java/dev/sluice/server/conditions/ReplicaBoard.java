package dev.sluice.server.conditions;

import java.util.Map;

/**
 * Where replicas leave what the one that writes statuses has to know, and where that one reads it.
 * Of one thread. Its text says where it is.
 */
public interface ReplicaBoard {
  /**
   * Leaves what this replica tells, in place of what it left before.
   *
   * @throws StoreException where it cannot
   */
  void leave(String report) throws StoreException;

  /** Whether what this replica left last still stands there, as far as is known. */
  boolean isLeft();

  /**
   * Takes back what this replica left, if it left anything.
   *
   * @throws StoreException where it cannot
   */
  void withdraw() throws StoreException;

  /**
   * Removes what a replica left.
   *
   * @throws StoreException where it cannot
   */
  void remove(String replica) throws StoreException;

  /** Begins to watch what the others leave, if it does not yet. */
  void open();

  /** Watches no more. */
  void shut();

  /** Whether what the others left is known. */
  boolean isListed();

  /** What the others left, by who they are. */
  Map<String, String> others();

  /**
   * What the others left, as the store has it at the moment.
   *
   * @throws StoreException where it cannot be asked
   */
  Map<String, String> ask() throws StoreException;
}
