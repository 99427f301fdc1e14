package dev.sluice.server.rollout;

import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.EffectiveSplit.ByCluster;
import dev.sluice.server.conditions.Announcements.Tone;
import dev.sluice.server.conditions.Condition;
import dev.sluice.server.conditions.Leadership;
import dev.sluice.server.conditions.RolloutTally;
import dev.sluice.server.diff.LiveState;
import dev.sluice.spec.DocumentKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One of several servers that carry out the same rollouts. */
final class Replica {
  private static final ServiceId ORDERS = new ServiceId("orders", "shop");

  final String name;
  final LiveState live = new LiveState();
  final SharedPlace.View view;
  final List<String> announced = new ArrayList<>();
  final MemoryStates own = new MemoryStates();
  final SharedStates store;
  final Rollouts rollouts;
  boolean leads;

  /** Whether policies stand in the shared place, and not in this server's own. */
  boolean shares = true;

  /** Whether a policy of that name stands there, though it may be wrong. */
  boolean stands;

  long nanos;
  SortedMap<DocumentKey, RolloutTally> tallies = Collections.emptySortedMap();
  SortedMap<DocumentKey, Condition> conditions = Collections.emptySortedMap();

  /** The others that it hears of, once it knows who there is. */
  Optional<List<Replica>> others = Optional.of(List.of());

  Replica(String name, SharedPlace place) {
    this.name = name;
    this.view = place.new View();
    this.store =
        new SharedStates(
            "dc1", policy -> shares, key -> stands, view, new Leading(), new Talking());
    this.rollouts =
        new Rollouts(live.rolloutFacts(), List.of(store, own), () -> live.now, () -> nanos);
    live.sidecars("front", 0);
  }

  private final class Leading implements Leadership {
    @Override
    public void start() {}

    @Override
    public boolean isLeader() {
      return leads;
    }

    @Override
    public boolean isFollower() {
      return !leads;
    }

    @Override
    public void close() {}
  }

  private final class Talking implements Replicas {
    @Override
    public Optional<SortedMap<String, Optional<RolloutTally>>> others(DocumentKey policy) {
      return others.map(
          all -> {
            SortedMap<String, Optional<RolloutTally>> told = new TreeMap<>();
            all.forEach(one -> told.put(one.name, Optional.ofNullable(one.tallies.get(policy))));
            return told;
          });
    }

    @Override
    public void tell(
        SortedMap<DocumentKey, RolloutTally> ofOwn, SortedMap<DocumentKey, Condition> all) {
      tallies = ofOwn;
      conditions = all;
    }

    @Override
    public void announce(DocumentKey policy, Tone tone, String reason, String words) {
      announced.add(reason);
    }
  }

  /** Has it read a policy. */
  void tell(String text) {
    live.tell("orders.yaml", text);
  }

  /** Has it look. */
  void look() {
    rollouts.look();
  }

  /** How its only rollout stands, as it knows it. */
  Standing standing() {
    return rollouts.standing().getFirst();
  }

  Phase phase() {
    return standing().state().phase();
  }

  /** How its proxies are to divide the calls. */
  Map<String, Integer> inForce() {
    return live.pipeline.index().policies(ORDERS).stream()
        .map(policy -> policy.split())
        .filter(ByCluster.class::isInstance)
        .map(ByCluster.class::cast)
        .map(ByCluster::weights)
        .findFirst()
        .orElseThrow();
  }
}
