package dev.sluice.server.source.consul;

import dev.sluice.server.source.consul.Instance.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Doubts that all instances of a service are ill at once: when agents fail, or the network between
 * them, Consul says the same of instances that are well. Where the last of several became critical
 * within {@link #AT_ONCE}, those that passed just before stay for a while, or until half of them
 * pass again; one that is taken out by hand, or deregistered, does not. Of the source's thread, in
 * the time of {@link System#nanoTime}.
 */
final class Outage {
  /** Consul tells of machines that fail together one after the other. */
  static final Duration AT_ONCE = Duration.ofSeconds(10);

  private final Duration hold;
  private final Map<String, Map<Instance.Key, Long>> passed = new HashMap<>();
  private final Map<String, Held> held = new HashMap<>();

  private record Held(Set<Instance.Key> instances, long until) {}

  /**
   * None yet.
   *
   * @param hold how long they stay; zero not to hold any
   */
  Outage(Duration hold) {
    this.hold = hold;
  }

  /**
   * The instances as they are to be told: one that is held as if it passed.
   *
   * @param before as Consul had them until now
   * @param now as Consul has them
   */
  List<Instance> doubt(String service, List<Instance> before, List<Instance> now, long at) {
    Map<Instance.Key, Long> times = passed.computeIfAbsent(service, _ -> new HashMap<>());
    times.values().removeIf(time -> at - time > AT_ONCE.toNanos());
    keys(before, State.PASSING).forEach(key -> times.put(key, at));
    int passing = keys(now, State.PASSING).size();
    Held holding = held.get(service);
    if (holding == null) {
      Set<Instance.Key> ill = keys(now, State.CRITICAL);
      ill.retainAll(times.keySet());
      if (passing > 0 || ill.size() < 2 || !hold.isPositive()) {
        return now;
      }
      holding = new Held(ill, at + hold.toNanos());
      held.put(service, holding);
    }
    boolean isOver = at - holding.until() >= 0;
    if (isOver ? passing > 0 : passing * 2 >= holding.instances().size()) {
      held.remove(service); // Enough are back to bear the traffic.
      return now;
    }
    if (isOver) {
      return now;
    }
    Set<Instance.Key> kept = holding.instances();
    return now.stream()
        .map(
            one ->
                one.state() == State.CRITICAL && kept.contains(one.key())
                    ? one.in(State.PASSING)
                    : one)
        .toList();
  }

  /** Forgets a service that is gone. */
  void forget(String service) {
    passed.remove(service);
    held.remove(service);
  }

  /** The services of which instances are held, by the time until when. */
  SortedMap<String, Long> held(long at) {
    SortedMap<String, Long> until = new TreeMap<>();
    held.forEach(
        (service, one) -> {
          if (at - one.until() < 0) {
            until.put(service, one.until());
          }
        });
    return until;
  }

  /** The services whose time is over at {@code to} and was not at {@code from}. */
  Set<String> due(long from, long to) {
    return held.entrySet().stream()
        .filter(it -> from - it.getValue().until() < 0 && to - it.getValue().until() >= 0)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** When the next time is over. */
  OptionalLong next(long at) {
    return held.values().stream().mapToLong(Held::until).filter(until -> at - until < 0).min();
  }

  private static Set<Instance.Key> keys(List<Instance> instances, State state) {
    return instances.stream()
        .filter(one -> one.state() == state)
        .map(Instance::key)
        .collect(Collectors.toCollection(HashSet::new));
  }
}
