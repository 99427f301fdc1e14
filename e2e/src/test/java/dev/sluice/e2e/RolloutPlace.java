package dev.sluice.e2e;

import com.fasterxml.jackson.databind.JsonNode;

/** Where policies and the states of their rollouts stand, for the service {@code orders}. */
interface RolloutPlace {
  /** The server's configuration by which it reads there. */
  String configuration();

  /** Saves the policy of {@code orders}; the sections are YAML of its spec. */
  void save(String sections);

  /** How the rollout stands, as it is kept; missing where nothing is. */
  JsonNode kept();

  /** Who carries rollouts out, as it calls itself; empty for nobody. */
  String leader();

  /** Whether the one instance of v2 may be called. */
  void readyV2(boolean ready);
}
