package dev.sluice.server.rollout;

import dev.sluice.server.rollout.analysis.Measured;
import dev.sluice.server.rollout.analysis.Reading;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Rollout;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
 * @param hindrance what keeps it from going on; empty where it goes on
 * @param aside why a newer edition of the policy is not in force; empty where there is none
 */
public record Standing(
    DocumentKey policy,
    String place,
    Rollout section,
    RolloutState state,
    Facts facts,
    Counted counted,
    List<Reading> readings,
    Optional<Hindrance> hindrance,
    Optional<String> aside) {
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
    Objects.requireNonNull(hindrance);
    Objects.requireNonNull(aside);
  }

  /** That of an edition of its policy. */
  Standing(
      Edition edition,
      RolloutState state,
      Facts facts,
      Counted counted,
      List<Reading> readings,
      Optional<Hindrance> hindrance) {
    this(
        edition.key(),
        edition.policy().origin().toString(),
        edition.section(),
        state,
        facts,
        counted,
        readings,
        hindrance,
        edition.aside());
  }

  /** That of one which does not begin, for something keeps it from it. */
  static Standing notBegun(Edition edition, Hindrance hindrance, Instant now) {
    Target target = Target.of(edition.section());
    int share = target.kind() == Target.Kind.BLUE_GREEN ? Shares.WHOLE : 0;
    return new Standing(
        edition,
        RolloutState.beginning(target, Shares.of(target.from(), target.to(), share), now)
            .in(Phase.BLOCKED, now, "it has not begun"),
        new Facts(
            now,
            Collections.emptySortedMap(),
            Optional.of(Confirmation.OF_NONE),
            new Measured.Nothing()),
        Counted.OF_ALL,
        List.of(),
        Optional.of(hindrance));
  }

  /** Whether a policy's rollout has begun, so that something is kept of it. */
  public boolean hasBegun() {
    return state.serial() > 0;
  }

  /** Who has all of the traffic while the other version that is to have some cannot serve it. */
  public Optional<String> standIn() {
    return missing()
        .filter(_ -> hindrance.isEmpty() && state.reached() > 0)
        .map(it -> state.target().other(it))
        .filter(it -> facts.of(it).ready() > 0);
  }

  /** The version that has a share and no ready instance, if there is one. */
  private Optional<String> missing() {
    return Stream.of(state.target().to(), state.target().from())
        .filter(it -> state.shares().of(it) > 0 && facts.of(it).ready() == 0)
        .findFirst();
  }

  private String ofState() {
    return Stream.of(
            state.words(),
            standIn()
                .map(it -> Moves.dead(state.target().other(it)) + ", so " + it + " has its traffic")
                .orElse(""))
        .filter(words -> !words.isEmpty())
        .collect(Collectors.joining("; "));
  }

  /** What it waits for or how it ended, for people to read; may be empty. */
  public String words() {
    boolean isKept = state.serial() > 0 && facts.versions().isEmpty();
    return hindrance
        .map(
            it ->
                it.kind() == Hindrance.Kind.RESTART && state.phase() == Phase.REVERTING
                    ? state.words() + "; " + it.words()
                    : it.words() + (isKept ? "; it is kept at " + state.shares() : ""))
        .orElseGet(this::ofState);
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
    if (!isTakenUp() || state.pause().isPresent() || hindrance.isPresent()) {
      return Optional.empty();
    }
    Terms terms = Terms.of(section);
    return switch (state.phase()) {
      case HOLDING -> Optional.of(state.since().plus(terms.at(state.shares()).hold()));
      case KEEPING -> state.warm().map(RolloutState.Warm::until);
      case READYING ->
          terms.target().kind() == Target.Kind.BLUE_GREEN && !Moves.isSettling(state)
              ? Optional.of(state.since().plus(terms.gate().timeout()))
              : Optional.empty();
      case SHIFTING, APPROVING, REVERTING, COMPLETE, REVERTED, GIVEN_UP, BLOCKED ->
          Optional.empty();
    };
  }
}
