package dev.sluice.server.rollout;

import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How a rollout stands: all that is kept of it, so that whoever goes on with it neither repeats a
 * step nor leaves one out.
 *
 * @param serial counts what was kept of it, so that replicas can say which of it they have
 * @param target what it is to come to
 * @param shares how the traffic is divided now
 * @param phase where it stands
 * @param since when that phase began
 * @param begun when the rollout began
 * @param pause why it goes no further; empty while it does
 * @param stableSince since when the gate has been met, as this process saw it; empty while it is
 *     not
 * @param warm the version that is kept at hand after a flip; empty for none
 * @param excepted proxies that were silent at the last step, by id
 * @param words what it waits for or how it ended, for people to read; may be empty
 */
public record RolloutState(
    long serial,
    Target target,
    Shares shares,
    Phase phase,
    Instant since,
    Instant begun,
    Optional<Pause> pause,
    Optional<Instant> stableSince,
    Optional<Warm> warm,
    SortedSet<String> excepted,
    String words) {
  public RolloutState {
    Objects.requireNonNull(target);
    Objects.requireNonNull(shares);
    Objects.requireNonNull(phase);
    Objects.requireNonNull(since);
    Objects.requireNonNull(begun);
    Objects.requireNonNull(pause);
    Objects.requireNonNull(stableSince);
    Objects.requireNonNull(warm);
    excepted = Collections.unmodifiableSortedSet(new TreeSet<>(excepted));
    Objects.requireNonNull(words);
  }

  /**
   * It goes no further.
   *
   * @param since from when
   * @param words who or what paused it
   */
  public record Pause(Instant since, String words) {
    public Pause {
      Objects.requireNonNull(since);
      Objects.requireNonNull(words);
    }
  }

  /**
   * A version that may have the traffic back at once.
   *
   * @param version its name
   * @param until for how long
   */
  public record Warm(String version, Instant until) {
    public Warm {
      Objects.requireNonNull(version);
      Objects.requireNonNull(until);
    }
  }

  /** A rollout that begins. */
  static RolloutState beginning(Target target, Shares shares, Instant now) {
    return new RolloutState(
        0,
        target,
        shares,
        Phase.READYING,
        now,
        now,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Collections.emptySortedSet(),
        "");
  }

  /** The share of the version that is to have the traffic, in millionths. */
  int reached() {
    return shares.of(target.to());
  }

  /** Whether it differs from {@code other} in nothing that is worth keeping. */
  boolean isAllBut(RolloutState other) {
    return bare().equals(other.bare());
  }

  private RolloutState bare() {
    return saying("").stable(Optional.empty()).numbered(0);
  }

  /** The same as what is kept by that number. */
  RolloutState numbered(long number) {
    return new RolloutState(
        number, target, shares, phase, since, begun, pause, stableSince, warm, excepted, words);
  }

  RolloutState in(Phase next, Instant now, String why) {
    return new RolloutState(
        serial, target, shares, next, now, begun, pause, Optional.empty(), warm, excepted, why);
  }

  /** The shares change, and proxies are to acknowledge them. */
  RolloutState moved(Shares to, Phase next, Instant now, String why) {
    return new RolloutState(
        serial,
        target,
        to,
        next,
        now,
        begun,
        Optional.empty(),
        Optional.empty(),
        warm,
        Collections.emptySortedSet(),
        why);
  }

  /** The shares change within a step. */
  RolloutState at(Shares other) {
    return new RolloutState(
        serial, target, other, phase, since, begun, pause, stableSince, warm, excepted, words);
  }

  RolloutState saying(String other) {
    return other.equals(words)
        ? this
        : new RolloutState(
            serial, target, shares, phase, since, begun, pause, stableSince, warm, excepted, other);
  }

  RolloutState paused(Optional<Pause> other) {
    return new RolloutState(
        serial, target, shares, phase, since, begun, other, stableSince, warm, excepted, words);
  }

  RolloutState stable(Optional<Instant> other) {
    return new RolloutState(
        serial, target, shares, phase, since, begun, pause, other, warm, excepted, words);
  }

  RolloutState warm(Optional<Warm> other) {
    return new RolloutState(
        serial, target, shares, phase, since, begun, pause, stableSince, other, excepted, words);
  }

  RolloutState without(SortedSet<String> silent) {
    return new RolloutState(
        serial, target, shares, phase, since, begun, pause, stableSince, warm, silent, words);
  }
}
