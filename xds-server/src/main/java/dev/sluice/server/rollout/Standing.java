package dev.sluice.server.rollout;

import dev.sluice.server.rollout.analysis.Reading;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Rollout;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a rollout stands, with what it looks at.
 *
 * @param policy whose it is
 * @param place where that is written
 * @param section what it says
 * @param state how far it is
 * @param facts what it saw
 * @param counted of whom that tells what proxies have acknowledged
 * @param readings what was last measured
 */
public record Standing(
    DocumentKey policy,
    String place,
    Rollout section,
    RolloutState state,
    Facts facts,
    Counted counted,
    List<Reading> readings) {
  /** Whose proxies are counted. */
  public enum Counted {
    /** Those of all replicas. */
    OF_ALL,
    /** Those of this replica: another one carries the rollout out. */
    OF_THIS
  }

  public Standing {
    Objects.requireNonNull(policy);
    Objects.requireNonNull(place);
    Objects.requireNonNull(section);
    Objects.requireNonNull(state);
    Objects.requireNonNull(facts);
    Objects.requireNonNull(counted);
    readings = List.copyOf(readings);
  }

  /** The steps of a canary, the last with all of the traffic; none for a flip. */
  public List<Step> steps() {
    return Terms.of(section).steps();
  }

  /** How many of the steps it has come to. */
  public int reached() {
    return Terms.of(section).reached(state.shares());
  }

  /** Whether it is of the versions that the section names now, and not of those before an edit. */
  public boolean isTakenUp() {
    return state.target().equals(Target.of(section));
  }

  /** When the phase ends by itself if nothing comes between; empty where no time says so. */
  public Optional<Instant> until() {
    if (!isTakenUp() || state.pause().isPresent()) {
      return Optional.empty();
    }
    Terms terms = Terms.of(section);
    return switch (state.phase()) {
      case HOLDING -> Optional.of(state.since().plus(terms.at(state.shares()).hold()));
      case KEEPING -> state.warm().map(RolloutState.Warm::until);
      case READYING ->
          terms.target().kind() == Target.Kind.BLUE_GREEN
              ? Optional.of(state.since().plus(terms.gate().timeout()))
              : Optional.empty();
      case SHIFTING, APPROVING, REVERTING, COMPLETE, REVERTED, GIVEN_UP, BLOCKED ->
          Optional.empty();
    };
  }
}
