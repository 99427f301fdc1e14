package dev.sluice.spec;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What application teams write: how calls to one service are split, routed and kept resilient.
 *
 * @param metadata name and namespace
 * @param spec the policy
 * @param origin where it was read
 * @param parts of versions of which a rollout has only some instances take part, how many, at least
 *     1; nothing that a document says, so empty in one that was read
 */
public record TrafficPolicy(
    Metadata metadata,
    @Required TrafficPolicySpec spec,
    Origin origin,
    SortedMap<String, Integer> parts)
    implements Document {
  public TrafficPolicy {
    Objects.requireNonNull(metadata);
    Objects.requireNonNull(spec);
    Objects.requireNonNull(origin);
    parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
  }

  /** One whose instances all take part. */
  public TrafficPolicy(Metadata metadata, TrafficPolicySpec spec, Origin origin) {
    this(metadata, spec, origin, Collections.emptySortedMap());
  }

  @Override
  public Kind kind() {
    return Kind.TRAFFIC_POLICY;
  }
}
