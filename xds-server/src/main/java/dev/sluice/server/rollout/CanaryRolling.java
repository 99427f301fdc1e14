package dev.sluice.server.rollout;

import dev.sluice.server.rollout.RolloutState.Pause;
import dev.sluice.server.rollout.analysis.Measured;
import dev.sluice.spec.Canary;
import java.time.Instant;
import java.util.Optional;

/** What becomes of a canary at one moment. */
final class CanaryRolling {
  private final Moves moves;
  private final Terms terms;
  private final Target target;
  private final Facts facts;
  private final Instant now;

  CanaryRolling(Moves moves) {
    this.moves = moves;
    this.terms = moves.terms();
    this.target = moves.target();
    this.facts = moves.facts();
    this.now = moves.now();
  }

  /** It waits for what its next step needs. */
  RolloutState ready(RolloutState before) {
    RolloutState state = adjusted(before);
    return troubled(state).orElseGet(() -> onward(state));
  }

  private RolloutState onward(RolloutState state) {
    return switch (nextStep(state)) {
      case Next.Waits(String why) -> state.saying(why);
      case Next.May _ when state.pause().isPresent() -> state;
      case Next.May(Shares shares) ->
          moves
              .confirmed(state)
              .map(silent -> moves.moved(state, shares).without(silent))
              .orElseGet(() -> state.saying(moves.waiting("what is in force")));
    };
  }

  /** The next step, made without the proxies that have not acknowledged the one before. */
  Asked promoted(RolloutState state) {
    return switch (nextStep(state)) {
      case Next.Waits(String why) -> new Asked.Refused(why);
      case Next.May(Shares shares) ->
          moves
              .refusal()
              .<Asked>map(Asked.Refused::new)
              .orElseGet(() -> new Asked.Done(moves.moved(state, shares).without(facts.behind())));
    };
  }

  /** Whether instances are there for the next step. */
  private sealed interface Next {
    record May(Shares shares) implements Next {}

    record Waits(String why) implements Next {}
  }

  private Next nextStep(RolloutState state) {
    Step step = terms.after(state.shares(), facts.of(target.from()), facts.of(target.to()));
    int needed = terms.needed(step, facts.of(target.from()));
    int ready = facts.of(target.to()).ready();
    if (ready < needed) {
      return new Next.Waits(
          "the step to %s waits for instances of %s: %d of %d are ready"
              .formatted(step.size(), target.to(), ready, needed));
    }
    Shares next = terms.shares(step, facts.of(target.from()), facts.of(target.to()));
    return facts.canCarry(state.shares(), next) // After an edit a step may give some back.
        ? new Next.May(next)
        : new Next.Waits(
            "the step to %s waits: %s".formatted(step.size(), Moves.dead(target.from())));
  }

  /** Proxies are acknowledging its shares. */
  RolloutState shifting(RolloutState before) {
    RolloutState state = adjusted(before);
    return state.reached() > 0 && facts.measured() instanceof Measured.Failed(String words)
        ? moves.failed(state, words)
        : moves.acknowledged(state, this::arrived);
  }

  /** Every proxy has the shares; where an edit gave all back, that is no step. */
  RolloutState arrived(RolloutState state) {
    boolean isStep = state.reached() > 0 || terms.beginsAtNothing();
    return isStep ? state.in(Phase.HOLDING, now, "") : state.in(Phase.READYING, now, "");
  }

  RolloutState holding(RolloutState before) {
    RolloutState state = adjusted(before);
    Step step = terms.at(state.shares());
    boolean isPaused = state.pause().isPresent();
    boolean isOver = !isPaused && !state.since().plus(step.hold()).isAfter(now);
    return troubled(state)
        .orElseGet(
            () ->
                facts.measured() instanceof Measured.Pending(String words)
                    ? isOver ? state.saying(words) : state
                    : isOver ? over(state, step) : isPaused ? state : state.saying(few(state)));
  }

  /** Its time is over, so that it goes on once an edit has it ask nobody. */
  RolloutState approving(RolloutState before) {
    RolloutState state = adjusted(before);
    boolean isAsked = terms.at(state.shares()).approve() == Canary.Approve.MANUAL;
    boolean isKept = state.pause().isPresent() || facts.measured() instanceof Measured.Pending;
    return troubled(state).orElseGet(() -> isAsked || isKept ? state : moves.further(state));
  }

  /** What goes wrong with a version that has some of the traffic. */
  private Optional<RolloutState> troubled(RolloutState state) {
    return moves.deserted(state).or(() -> measured(state));
  }

  private Optional<RolloutState> measured(RolloutState state) {
    boolean isStep = state.reached() > 0 || state.phase() != Phase.READYING;
    return switch (facts.measured()) {
      case Measured.Failed(String words) when isStep ->
          Optional.of(moves.failed(state, words)); // A pause does not keep it here.
      case Measured.Inconclusive(String words) when isStep ->
          Optional.of(
              state.pause().isPresent()
                  ? state
                  : state.paused(Optional.of(new Pause(now, words))).saying(words));
      default -> Optional.empty();
    };
  }

  /** That too few instances of the new version are left for its share. */
  private String few(RolloutState state) {
    if (state.shares().part().isPresent() || state.reached() == 0) {
      return "";
    }
    int needed =
        terms.needed(Step.of(new Size.OfTraffic(state.reached())), facts.of(target.from()));
    int ready = facts.of(target.to()).ready();
    return ready >= needed
        ? ""
        : "%d of the %d instances of %s that its share needs are ready"
            .formatted(ready, needed, target.to());
  }

  private RolloutState over(RolloutState state, Step step) {
    return step.approve() == Canary.Approve.MANUAL
        ? state.in(Phase.APPROVING, now, "waits for 'sluice rollout promote'")
        : moves.further(state);
  }

  /** Where instances have an equal share each, their number changes it while a step lasts. */
  private RolloutState adjusted(RolloutState state) {
    return state
        .shares()
        .part()
        .filter(part -> part.version().equals(target.to()))
        .filter(_ -> !moves.isDead(target.to()) && !moves.isDead(target.from()))
        .map(this::equal)
        .filter(shares -> shares.of(target.to()) <= state.reached() || !isFailing())
        .map(state::at)
        .orElse(state);
  }

  private boolean isFailing() {
    return facts.measured() instanceof Measured.Failed;
  }

  private Shares equal(Part part) {
    int ready = Math.min(part.count(), facts.of(target.to()).ready());
    int ofPart =
        Shares.of(
                target.from(),
                facts.of(target.from()).ready(),
                new Part(part.version(), part.step(), ready))
            .of(target.to());
    return Shares.of(target.from(), target.to(), ofPart).with(part);
  }
}
