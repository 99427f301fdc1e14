package dev.sluice.server.rollout;

import dev.sluice.server.conditions.KeptTexts.Writer;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Where it is kept how rollouts stand, over the end of a process; and, where several servers know
 * of it, who of them carries them out. Any thread may ask what is known; one at a time calls the
 * rest. Its text says where it is.
 */
public interface RolloutStore {
  /** Whether the rollout of a policy that stands there is kept here. */
  boolean holds(Document policy);

  /** Whether a policy of that name stands there, be it right or wrong. */
  boolean stands(DocumentKey policy);

  /** Whether this server is the one that carries the rollouts out. */
  boolean isLeader();

  /** All that is kept, as far as is known; empty while that is not known. It asks nobody. */
  Optional<SortedMap<DocumentKey, RolloutState>> known();

  /** The policies of which something is kept that cannot be read; the log says why. */
  Set<DocumentKey> unreadable();

  /** Why it is not known what is kept; empty where nothing is wrong. */
  Optional<String> trouble();

  /**
   * All that is kept by now; what cannot be read is left out, and the log says so.
   *
   * @throws IOException when nothing of it can be read
   */
  SortedMap<DocumentKey, RolloutState> read() throws IOException;

  /**
   * Keeps how the rollout of a policy stands; it is kept when this returns.
   *
   * @param before what is kept, as far as is known
   * @return false when something else is kept by now, which stays
   * @throws IOException when it is not kept, and what was kept before still is
   */
  boolean write(DocumentKey policy, Optional<RolloutState> before, RolloutState next, Writer writer)
      throws IOException;

  /**
   * Forgets it.
   *
   * @return false when something else is kept by now, which stays
   * @throws IOException when it is not forgotten
   */
  boolean delete(DocumentKey policy, RolloutState before) throws IOException;

  /** What this server and the other ones that know of it tell each other. */
  Replicas replicas();
}
