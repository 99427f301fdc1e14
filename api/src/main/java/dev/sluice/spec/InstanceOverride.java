package dev.sluice.spec;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the people on call write: takes instances out of traffic, or into it, by hand.
 *
 * @param metadata name and namespace
 * @param spec which instances, and what becomes of them
 * @param origin where it was read
 * @param since from when its time counts: when the API server took it, or when its file was last
 *     written; null where neither is known, and then it does not end by itself
 */
public record InstanceOverride(
    Metadata metadata, @Required Spec spec, Origin origin, @Nullable Instant since)
    implements Document {
  public InstanceOverride {
    Objects.requireNonNull(metadata);
    Objects.requireNonNull(spec);
    Objects.requireNonNull(origin);
  }

  @Override
  public Kind kind() {
    return Kind.INSTANCE_OVERRIDE;
  }

  /** This override, whose time counts from {@code start}. */
  public InstanceOverride startingAt(Instant start) {
    return new InstanceOverride(metadata, spec, origin, start);
  }

  /** When it ends by itself; empty for never. */
  public Optional<Instant> expiresAt() {
    Duration length = spec.expiresIn();
    return since == null || length == null ? Optional.empty() : Optional.of(since.plus(length));
  }

  /**
   * {@code InstanceOverride.spec} (policy.md, section 1). At least one of state and weight is
   * given.
   *
   * @param service {@code name}, or {@code name.namespace} where it is another's
   * @param match which of its instances
   * @param state what becomes of them; null for what they are
   * @param weight share among their peers, 1 to 1,000,000; null for their own
   * @param expiresIn after which it no longer holds; null for as long as the document is there
   */
  public record Spec(
      @Required String service,
      @Required Match match,
      @Nullable State state,
      @Nullable Integer weight,
      @Nullable Duration expiresIn) {
    public Spec {
      Objects.requireNonNull(service);
      Objects.requireNonNull(match);
    }
  }

  /**
   * {@code InstanceOverride.spec.match}: exactly one is given.
   *
   * @param address an IP literal, for all its ports, or {@code ip:port}
   * @param pod the name of a Kubernetes pod
   * @param labels all of these
   */
  public record Match(
      @Nullable String address, @Nullable String pod, SortedMap<String, String> labels) {
    public Match {
      labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }
  }

  /** What becomes of an instance; of several overrides the first of these counts. */
  public enum State {
    /** It is left out: it gets nothing new, and its idle connections are closed. */
    OUT,
    /** It gets nothing new and stays known, so that it finishes what it has. */
    DRAIN,
    /** It is sent requests although its source says that it is not ready. */
    IN
  }
}
