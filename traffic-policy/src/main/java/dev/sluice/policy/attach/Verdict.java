package dev.sluice.policy.attach;

import dev.sluice.policy.attach.PolicyStatus.State;
import dev.sluice.spec.DocumentKey;
import java.util.List;
import java.util.Optional;

/**
 * Whether a candidate is let in, before its sections are merged with others.
 *
 * @param status what its author is told so far
 * @param attached where gateways expose its service by its word; empty when it is rejected
 * @param listeners whose connections go to its service by its word; empty when it is rejected
 */
record Verdict(PolicyStatus status, List<AttachedHosts> attached, List<GatewayListener> listeners) {
  Verdict {
    attached = List.copyOf(attached);
    listeners = listeners.stream().sorted().distinct().toList();
  }

  /** Whether its sections count. */
  boolean isApplied() {
    return status.state() == State.APPLIED || status.state() == State.PARTLY_APPLIED;
  }

  /** Whether its hosts are its own; they are while it waits for its service, too. */
  boolean holdsHosts() {
    return status.accepted();
  }

  /** Whether it is applied to {@code scope}. */
  boolean isAppliedTo(Scope scope) {
    return isApplied() && status.scope().equals(Optional.of(scope));
  }

  /**
   * The hosts of one policy on one gateway.
   *
   * @param gateway the gateway
   * @param hosts lower-cased, sorted
   */
  record AttachedHosts(DocumentKey gateway, List<String> hosts) {
    AttachedHosts {
      hosts = List.copyOf(hosts);
    }
  }
}
