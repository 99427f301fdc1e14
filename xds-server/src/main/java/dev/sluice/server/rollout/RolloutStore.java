package dev.sluice.server.rollout;

import dev.sluice.spec.DocumentKey;
import java.io.IOException;
import java.util.SortedMap;

/**
 * Where it is kept how rollouts stand, over the end of a process. One thread at a time calls it.
 */
public interface RolloutStore {
  /** All that is kept; what cannot be read is left out, and the log says so. */
  SortedMap<DocumentKey, RolloutState> read();

  /**
   * Keeps how the rollout of a policy stands; it is kept when this returns.
   *
   * @throws IOException when it is not, and what was kept before still is
   */
  void write(DocumentKey policy, RolloutState state) throws IOException;

  /**
   * Forgets it.
   *
   * @throws IOException when it is not forgotten
   */
  void delete(DocumentKey policy) throws IOException;
}
