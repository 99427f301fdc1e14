package dev.sluice.spec;

import java.util.Objects;

/**
 * What application teams write: how calls to one service are split, routed and kept resilient.
 *
 * @param metadata name and namespace
 * @param spec the policy
 * @param origin where it was read
 */
public record TrafficPolicy(Metadata metadata, @Required TrafficPolicySpec spec, Origin origin)
    implements Document {
  public TrafficPolicy {
    Objects.requireNonNull(metadata);
    Objects.requireNonNull(spec);
    Objects.requireNonNull(origin);
  }

  @Override
  public Kind kind() {
    return Kind.TRAFFIC_POLICY;
  }
}
