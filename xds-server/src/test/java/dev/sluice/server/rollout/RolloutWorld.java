package dev.sluice.server.rollout;

import dev.sluice.server.rollout.analysis.Measured;
import dev.sluice.spec.Rollout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A rollout among instances and proxies that do as a test says, and all that became of it. */
final class RolloutWorld {
  static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  final SortedMap<String, Readiness> versions = new TreeMap<>();
  final TreeSet<String> pending = new TreeSet<>();
  final TreeMap<String, String> refused = new TreeMap<>();
  private final TreeSet<String> barred = new TreeSet<>();
  final List<RolloutState> past = new ArrayList<>();
  private final Map<String, Instant> late = new TreeMap<>();
  private final Lateness lateness = new Lateness();
  int proxies = 3;
  boolean isServed = true;
  Measured measured = new Measured.Nothing();
  Rollout section;
  Optional<RolloutState> state = Optional.empty();
  Instant now = BEGIN;

  RolloutWorld(Rollout section, Map<String, Integer> ready) {
    this.section = section;
    ready.forEach(this::ready);
  }

  void ready(String version, int ready) {
    ready(version, ready, Math.max(ready, 1));
  }

  void ready(String version, int ready, int total) {
    versions.put(version, new Readiness(ready, total));
  }

  /** A proxy is pending, for it is not given what is in force. */
  void hold(String proxy) {
    pending.add(proxy);
    barred.add(proxy);
  }

  /** Those of the pending that are not given it. */
  SortedSet<String> held() {
    TreeSet<String> held = new TreeSet<>(barred);
    held.retainAll(pending);
    return held;
  }

  /** The proxies that do not have what is in force. */
  SortedSet<String> behind() {
    TreeSet<String> behind = new TreeSet<>(pending);
    behind.addAll(refused.keySet());
    return behind;
  }

  /** Notes who is behind from now on, for {@link #lateSince}. */
  void noteLate() {
    late.keySet().retainAll(behind());
    behind().forEach(proxy -> late.putIfAbsent(proxy, now));
  }

  Instant lateSince(String proxy) {
    return late.getOrDefault(proxy, now);
  }

  /** What is told of it at this moment. */
  String words() {
    return Rolling.worded(section, state(), facts()).words();
  }

  Facts facts() {
    Optional<Confirmation> known = isServed ? Optional.of(confirmation()) : Optional.empty();
    return new Facts(now, versions, known, measured).with(lateness);
  }

  private Confirmation confirmation() {
    TreeMap<String, String> held = new TreeMap<>();
    held().forEach(proxy -> held.put(proxy, "others refused it"));
    return new Confirmation(
        proxies - pending.size() - refused.size(), proxies, pending, refused, held);
  }

  RolloutState state() {
    return state.orElseThrow();
  }

  /** One look, as the controller takes it. */
  RolloutState look() {
    RolloutState next = Rolling.next(section, state, facts());
    note(next);
    return next;
  }

  private void note(RolloutState next) {
    state = Optional.of(next);
    if (past.isEmpty() || !past.getLast().equals(next)) {
      past.add(next);
    }
  }

  /** Looks until nothing changes any more at this moment. */
  RolloutState settle() {
    RolloutState before;
    do {
      before = state.orElse(null);
    } while (!look().equals(before));
    return state();
  }

  RolloutState after(Duration time) {
    settle();
    now = now.plus(time);
    return settle();
  }

  Asked ask(Verb verb) {
    Asked asked = Asking.asked(verb, section, state(), facts(), "anna");
    if (asked instanceof Asked.Done(RolloutState done)) {
      note(done);
    }
    return asked;
  }

  /** The shares of {@code version} in percent, one after the other as they changed. */
  List<Integer> sharesOf(String version) {
    List<Integer> shares = new ArrayList<>();
    for (RolloutState one : past) {
      int share = one.shares().of(version) / 10_000;
      if (shares.isEmpty() || shares.getLast() != share) {
        shares.add(share);
      }
    }
    return Collections.unmodifiableList(shares);
  }
}
