package dev.sluice.server.rollout;

import dev.sluice.spec.Document;

/** A place of one server alone, for all policies that have no other: nobody else writes there. */
interface OfOneServer extends RolloutStore {
  @Override
  default boolean holds(Document policy) {
    return true;
  }

  @Override
  default boolean isLeader() {
    return true;
  }

  @Override
  default Replicas replicas() {
    return Replicas.NONE;
  }
}
