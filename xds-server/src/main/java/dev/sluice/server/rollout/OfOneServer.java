package dev.sluice.server.rollout;

import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** A place of one server alone, for all policies that have no other: nobody else writes there. */
interface OfOneServer extends RolloutStore {
  @Override
  default boolean holds(Document policy) {
    return true;
  }

  /** Directories keep the last good version of a policy that is wrong. */
  @Override
  default boolean stands(DocumentKey policy) {
    return false;
  }

  @Override
  default boolean isLeader() {
    return true;
  }

  @Override
  default Optional<SortedMap<DocumentKey, RolloutState>> known() {
    return Optional.of(read());
  }

  @Override
  SortedMap<DocumentKey, RolloutState> read();

  @Override
  default Set<DocumentKey> unreadable() {
    return Set.of();
  }

  @Override
  default Optional<String> trouble() {
    return Optional.empty();
  }

  @Override
  default Replicas replicas() {
    return Replicas.NONE;
  }
}
