package dev.sluice.server.rollout;

import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Rollout;
import dev.sluice.spec.TrafficPolicy;
import java.util.Objects;
import java.util.Optional;

/**
 * A policy with a rollout.
 *
 * @param policy as it is in force; where its rollout is not carried out, as it was told last
 * @param isTold whether a source tells it so, or told it so before an edit that is set aside
 * @param hindrance why its rollout is not carried out; empty where it is
 * @param aside why a newer edition of it is not in force; empty where there is none
 */
record Edition(
    TrafficPolicy policy, boolean isTold, Optional<Hindrance> hindrance, Optional<String> aside) {
  Edition {
    Objects.requireNonNull(policy);
    Objects.requireNonNull(hindrance);
    Objects.requireNonNull(aside);
  }

  DocumentKey key() {
    return policy.key();
  }

  Rollout section() {
    return Objects.requireNonNull(policy.spec().rollout());
  }
}
