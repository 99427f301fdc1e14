package dev.sluice.server.rollout;

import dev.sluice.server.conditions.Announcements.Tone;
import dev.sluice.server.conditions.Condition;
import dev.sluice.server.conditions.Condition.Holds;
import dev.sluice.spec.DocumentKey;
import java.util.Optional;

/** What people are told of a rollout beside its policy. */
final class Telling {
  private static final String CONDITION = "RolloutProgressing";

  private Telling() {}

  /** That it goes on, or why it does not; empty where nothing is to be said of it yet. */
  static Optional<Condition> condition(
      Optional<RolloutState> state, Optional<Hindrance> hindrance) {
    return hindrance
        .filter(it -> it.kind() != Hindrance.Kind.EDITED)
        .map(it -> new Condition(CONDITION, Holds.FALSE, reason(it.kind()), text(it, state)))
        .or(() -> state.map(Telling::condition));
  }

  private static Condition condition(RolloutState state) {
    boolean goesOn = !state.phase().isEnd() && state.pause().isEmpty();
    return new Condition(CONDITION, goesOn ? Holds.TRUE : Holds.FALSE, reason(state), text(state));
  }

  private static String reason(Hindrance.Kind kind) {
    return switch (kind) {
      case ROLLBACK -> "HeldBack";
      case REJECTED -> "Blocked";
      case PENDING, EDITED, RESTART -> "Waiting";
      case UNREADABLE -> "Unreadable";
      case UNKEPT -> "Unkept";
    };
  }

  private static String text(Hindrance hindrance, Optional<RolloutState> state) {
    return hindrance.words() + state.map(it -> "; it stands at " + it.shares()).orElse("");
  }

  /** Tells of a change, if it is one that people want to know of. */
  static void announce(
      Replicas replicas, DocumentKey policy, RolloutState before, RolloutState after) {
    boolean isPaused = before.pause().isEmpty() && after.pause().isPresent();
    if (before.phase() != after.phase() || isPaused) {
      announce(replicas, policy, after);
    }
  }

  static void announce(Replicas replicas, DocumentKey policy, RolloutState state) {
    replicas.announce(policy, tone(state), reason(state), text(state));
  }

  private static Tone tone(RolloutState state) {
    return switch (state.phase()) {
      case REVERTING, REVERTED, GIVEN_UP, BLOCKED -> Tone.WARNING;
      case READYING, SHIFTING, HOLDING, APPROVING, KEEPING, COMPLETE ->
          state.pause().isPresent() ? Tone.WARNING : Tone.NORMAL;
    };
  }

  private static String reason(RolloutState state) {
    if (state.pause().isPresent()) {
      return "Paused";
    }
    return switch (state.phase()) {
      case READYING -> "Readying";
      case SHIFTING -> "Shifting";
      case HOLDING -> "Holding";
      case APPROVING -> "Approving";
      case KEEPING -> "Keeping";
      case REVERTING -> "Reverting";
      case COMPLETE -> "Complete";
      case REVERTED -> "Reverted";
      case GIVEN_UP -> "GivenUp";
      case BLOCKED -> "Blocked";
    };
  }

  private static String text(RolloutState state) {
    String words =
        state
            .pause()
            .map(RolloutState.Pause::words)
            .filter(paused -> !paused.equals(state.words()))
            .map(paused -> paused + (state.words().isEmpty() ? "" : "; " + state.words()))
            .orElse(state.words());
    return state.shares() + (words.isEmpty() ? "" : ": " + words);
  }
}
