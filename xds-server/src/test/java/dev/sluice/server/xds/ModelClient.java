package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.LISTENER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.xds.TypeSubscription.WILDCARD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * The simplest client there can be, and what must hold for it: it has a map for each type, changes
 * it as accepted responses say, and at the end has to have what was published.
 */
final class ModelClient implements RandomSteps.Run {
  /** What a client does. */
  enum Habit {
    /** It asks for any names of any type, and gives them up again. */
    ANY,
    /** It has all clusters and listeners always, as a proxy does; of the others any. */
    PROXY
  }

  static final List<ResourceType> TYPES = List.of(CLUSTER, ENDPOINT, LISTENER, ROUTE);
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final Variant variant;
  private final Habit habit;
  private final ModelSnapshots snapshots;
  private final List<String> done = new ArrayList<>();
  private final EnumMap<ResourceType, Map<String, Resource>> holds =
      new EnumMap<>(ResourceType.class);
  private final EnumMap<ResourceType, Set<String>> wanted = new EnumMap<>(ResourceType.class);
  private final EnumMap<ResourceType, Response> unanswered = new EnumMap<>(ResourceType.class);
  private final EnumMap<ResourceType, String> nonces = new EnumMap<>(ResourceType.class);
  private final EnumMap<ResourceType, String> answered = new EnumMap<>(ResourceType.class);
  private final Set<Resource> refused = new HashSet<>();

  /** How many responses of a type what has happened may bring, at most. */
  private final EnumMap<ResourceType, Integer> due = new EnumMap<>(ResourceType.class);

  private SubscriptionState state;
  private long now;
  private long revision;
  private long behindSince = Long.MAX_VALUE;
  private boolean deadlinePassed;

  ModelClient(Variant variant, Habit habit) {
    this.variant = variant;
    this.habit = habit;
    this.snapshots = new ModelSnapshots(habit == Habit.PROXY);
    for (ResourceType type : TYPES) {
      holds.put(type, new HashMap<>());
      wanted.put(type, new TreeSet<>(Set.of(WILDCARD)));
    }
    this.state = connect(snapshots.current());
  }

  private SubscriptionState connect(Snapshot atOnce) {
    unanswered.clear();
    nonces.clear();
    answered.clear();
    refused.clear();
    TYPES.forEach(this::due);
    SubscriptionState fresh =
        new SubscriptionState(
            variant, SotwSubscription.Reconnect.SENT_AGAIN, DEADLINE, new Shared());
    fresh.published(SnapshotDiff.between(Snapshot.EMPTY, atOnce), Map.of(), ++revision, now);
    for (ResourceType type : TYPES) {
      if (variant == Variant.STATE_OF_THE_WORLD) {
        held(type).clear(); // The server cannot know what it has.
      }
      request(fresh, type, "", names(type), List.of(), versions(type), Optional.empty());
    }
    return fresh;
  }

  @Override
  public void step(Random choices) {
    switch (choices.nextInt(24)) {
      case 0 -> {
        done.add("reconnect");
        state = connect(snapshots.current());
      }
      case 1, 2, 3, 4, 5, 6 -> publish(snapshots.edit(choices));
      case 7 -> pass(Duration.ofSeconds(choices.nextInt(12)));
      case 8, 9 -> answer(choices, Optional.of("refused"));
      case 10 -> stale();
      case 11, 12 -> resubscribe(choices);
      default -> answer(choices, Optional.empty());
    }
    receive();
  }

  private void publish(SnapshotDiff diff) {
    done.add("publish " + diff.types());
    TYPES.forEach(this::due);
    state.published(diff, Map.of(), ++revision, now);
  }

  private void pass(Duration time) {
    done.add(time + " pass");
    TYPES.forEach(this::due);
    now += time.toNanos();
    deadlinePassed |= behindSince != Long.MAX_VALUE && now - behindSince >= DEADLINE.toNanos();
  }

  private void answer(Random choices, Optional<String> error) {
    List<ResourceType> types = new ArrayList<>(unanswered.keySet());
    if (!types.isEmpty()) {
      answer(types.get(choices.nextInt(types.size())), error);
    }
  }

  private void answer(ResourceType type, Optional<String> error) {
    Response response = unanswered.remove(type);
    if (response == null) {
      return;
    }
    done.add((error.isPresent() ? "NACK " : "ACK ") + type + " " + response.nonce());
    if (error.isPresent()) {
      refused.addAll(response.resources());
    } else {
      refused.removeIf(resource -> settles(response, resource));
      apply(response);
    }
    answered.put(type, response.nonce());
    TYPES.stream()
        .filter(other -> other != type && type != ENDPOINT)
        .forEach(this::due); // What waited for it may go now.
    Reply reply = request(state, type, response.nonce(), List.of(), List.of(), Map.of(), error);
    assertThat(reply).isInstanceOf(error.isPresent() ? Reply.Nack.class : Reply.Ack.class);
  }

  /** Whether {@code response} has another word for what was refused. */
  private static boolean settles(Response response, Resource refused) {
    return refused.type() == response.type()
        && (response.removed().contains(refused.name())
            || response.resources().stream()
                .anyMatch(resource -> resource.name().equals(refused.name())));
  }

  private void stale() {
    done.add("stale nonces");
    for (ResourceType type : TYPES) {
      Reply reply =
          request(state, type, "9999", List.of(), List.of(), Map.of(), Optional.of("late"));
      assertThat(reply).isInstanceOf(Reply.Stale.class);
    }
  }

  /** Asks for a name, for a name and everything, or gives it up. */
  private void resubscribe(Random choices) {
    ResourceType type = TYPES.get(choices.nextInt(TYPES.size()));
    if (habit == Habit.PROXY && (type == CLUSTER || type == LISTENER)) {
      return;
    }
    if (variant == Variant.STATE_OF_THE_WORLD && unanswered.containsKey(type)) {
      return; // Its request would cross the response, and count for nothing.
    }
    String name = choices.nextInt(4) == 0 ? WILDCARD : "n" + choices.nextInt(4);
    Set<String> names = wanted.computeIfAbsent(type, t -> new TreeSet<>());
    boolean ask = !names.contains(name);
    done.add((ask ? "ask for " : "give up ") + type + " " + name);
    List<String> added = ask ? List.of(name) : List.of();
    List<String> left = ask ? List.of() : List.of(name);
    names.addAll(added);
    names.removeAll(left);
    held(type).keySet().removeIf(held -> !wants(type, held));
    due(type);
    request(
        state,
        type,
        variant == Variant.DELTA ? "" : answered.getOrDefault(type, ""),
        added,
        left,
        Map.of(),
        Optional.empty());
  }

  private Reply request(
      SubscriptionState to,
      ResourceType type,
      String nonce,
      Collection<String> add,
      Collection<String> drop,
      Map<String, String> initial,
      Optional<String> error) {
    return to.request(
        switch (variant) {
          case STATE_OF_THE_WORLD -> new Request.Sotw(type, "", nonce, names(type), error);
          case DELTA ->
              new Request.Delta(type, nonce, List.copyOf(add), List.copyOf(drop), initial, error);
        },
        now);
  }

  private void apply(Response response) {
    Map<String, Resource> held = held(response.type());
    if (variant == Variant.STATE_OF_THE_WORLD
        && response.type().scope() == ResourceType.Scope.FULL_STATE) {
      held.clear();
    }
    response.resources().stream()
        .filter(resource -> wants(response.type(), resource.name()))
        .forEach(resource -> held.put(resource.name(), resource));
    response.removed().forEach(held::remove);
  }

  private void receive() {
    for (Optional<Response> next = state.next(now); next.isPresent(); next = state.next(now)) {
      Response response = next.get();
      ResourceType type = response.type();
      done.add("  sent " + response);
      assertThat(unanswered).as("one unanswered a type").doesNotContainKey(type);
      assertThat(due.get(type)).as("nothing is answered twice").isPositive();
      assertThat(nonces.put(type, response.nonce())).isNotEqualTo(response.nonce());
      assertThat(response.resources()).extracting(Resource::name).doesNotHaveDuplicates();
      unanswered.put(type, response);
      due.merge(type, -1, Integer::sum);
      if (type == CLUSTER) {
        due(ENDPOINT); // A cluster warms with its endpoints.
      }
    }
    assertThat(state.next(now)).isEmpty();
    behind();
    if (habit == Habit.PROXY && !deadlinePassed) {
      assertRoutesLeadSomewhere();
    }
  }

  /**
   * Something happened that may be answered; clusters and their endpoints leave in a second one.
   */
  private void due(ResourceType type) {
    due.put(type, type == CLUSTER || type == ENDPOINT ? 2 : 1);
  }

  private void behind() {
    if (unanswered.isEmpty() && refused.isEmpty()) {
      behindSince = Long.MAX_VALUE;
    } else if (behindSince == Long.MAX_VALUE) {
      behindSince = now;
    }
  }

  private void assertRoutesLeadSomewhere() {
    for (Resource route : held(ROUTE).values()) {
      assertThat(held(CLUSTER)).as("for %s", route).containsKey(ModelSnapshots.clusterOf(route));
    }
  }

  /** Changes every resource, so that refusals are mended too, accepts all, and has the newest. */
  @Override
  public void end() {
    publish(snapshots.changeAll());
    int rounds = 0;
    do {
      receive();
      while (!unanswered.isEmpty()) {
        assertThat(rounds++).as("it ends").isLessThan(60);
        answer(unanswered.keySet().iterator().next(), Optional.empty());
        receive();
      }
      pass(Duration.ofMinutes(1));
      receive();
    } while (!unanswered.isEmpty());
    TYPES.forEach(this::assertConverged);
  }

  private void assertConverged(ResourceType type) {
    Map<String, String> expected = new HashMap<>();
    snapshots.current().resources(type).values().stream()
        .filter(resource -> wants(type, resource.name()))
        .forEach(resource -> expected.put(resource.name(), resource.version()));
    assertThat(versions(type)).as("%s", type).isEqualTo(expected);
    TypeSubscription subscription =
        state.subscriptions().stream().filter(it -> it.type == type).findFirst().orElseThrow();
    assertThat(subscription.marks.isEmpty()).as("%s has no marks", type).isTrue();
    assertThat(subscription.held).as("%s", type).isEmpty();
    assertThat(subscription.refused).as("%s", type).isEmpty();
    assertThat(subscription.sent.deviating())
        .as("%s as in the snapshot is kept nowhere else", type)
        .isLessThanOrEqualTo(wants(type, WILDCARD) ? 0 : ModelSnapshots.NAMES - expected.size());
  }

  private boolean wants(ResourceType type, String name) {
    Set<String> names = wanted.get(type);
    return names != null && (names.contains(WILDCARD) || names.contains(name));
  }

  private List<String> names(ResourceType type) {
    return List.copyOf(wanted.getOrDefault(type, Set.of()));
  }

  private Map<String, Resource> held(ResourceType type) {
    return holds.computeIfAbsent(type, t -> new HashMap<>());
  }

  private Map<String, String> versions(ResourceType type) {
    Map<String, String> versions = new HashMap<>();
    held(type).forEach((name, resource) -> versions.put(name, resource.version()));
    return versions;
  }

  @Override
  public List<String> done() {
    return done;
  }
}
