package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.LISTENER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotBuilder;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The machine against a client that does anything at any time. */
class RandomSequenceTest {
  private static final int SEQUENCES = 150;
  private static final int STEPS = 120;
  private static final List<ResourceType> TYPES = List.of(CLUSTER, ENDPOINT, LISTENER, ROUTE);

  @ParameterizedTest
  @EnumSource
  void whatTheClientHoldsConvergesAndNothingIsAnsweredTwice(Variant variant) {
    long first = System.nanoTime();
    for (long seed = first; seed < first + SEQUENCES; seed++) {
      Client client = new Client(variant, seed);
      for (int step = 0; step < STEPS; step++) {
        client.step();
      }
      client.settle();
    }
  }

  private static final class Client {
    private final Variant variant;
    private final String as;
    private final Random random;
    private final EnumMap<ResourceType, Map<String, String>> holds =
        new EnumMap<>(ResourceType.class);
    private final EnumMap<ResourceType, Response> unanswered = new EnumMap<>(ResourceType.class);
    private final EnumMap<ResourceType, String> nonces = new EnumMap<>(ResourceType.class);
    private SubscriptionState state;
    private Snapshot snapshot = Snapshot.EMPTY;
    private long now;
    private long revision;

    Client(Variant variant, long seed) {
      this.variant = variant;
      this.as = variant + ", seed " + seed;
      this.random = new Random(seed);
      TYPES.forEach(type -> holds.put(type, new HashMap<>()));
      this.state = connect();
    }

    private SubscriptionState connect() {
      unanswered.clear();
      nonces.clear();
      SubscriptionState fresh =
          new SubscriptionState(
              variant, SotwSubscription.Reconnect.SENT_AGAIN, Duration.ofSeconds(10), new Shared());
      if (random.nextBoolean()) {
        fresh.published(SnapshotDiff.between(Snapshot.EMPTY, snapshot), ++revision, now);
        TYPES.forEach(type -> subscribe(fresh, type));
      } else {
        TYPES.forEach(type -> subscribe(fresh, type));
        fresh.published(SnapshotDiff.between(Snapshot.EMPTY, snapshot), ++revision, now);
      }
      return fresh;
    }

    /** Everything by {@code *}, so that what it is to hold is the snapshot itself. */
    private void subscribe(SubscriptionState fresh, ResourceType type) {
      List<String> names = List.of("*");
      fresh.request(
          switch (variant) {
            case STATE_OF_THE_WORLD -> {
              held(type).clear();
              yield new Request.Sotw(type, "", "", names, Optional.empty());
            }
            case DELTA ->
                new Request.Delta(type, "", names, List.of(), held(type), Optional.empty());
          },
          now);
    }

    private Map<String, String> held(ResourceType type) {
      return holds.computeIfAbsent(type, t -> new HashMap<>());
    }

    void step() {
      switch (random.nextInt(20)) {
        case 0 -> state = connect();
        case 1, 2, 3, 4, 5, 6 -> publish();
        case 7 -> now += Duration.ofSeconds(random.nextInt(12)).toNanos();
        case 8, 9 -> answer(true);
        case 10 -> stale();
        default -> answer(false);
      }
      receive();
    }

    private void publish() {
      SnapshotBuilder builder = new SnapshotBuilder(snapshot);
      for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
        ResourceType type = TYPES.get(random.nextInt(TYPES.size()));
        String name = "n" + random.nextInt(4);
        if (random.nextInt(3) == 0) {
          builder.remove(type, name);
        } else {
          builder.put(resource(type, name, 1 + random.nextInt(3)));
        }
      }
      SnapshotDiff diff = builder.build();
      snapshot = diff.after();
      state.published(diff, ++revision, now);
    }

    private static Resource resource(ResourceType type, String name, int content) {
      return switch (type) {
        case CLUSTER -> Fixtures.cluster(name, "v" + content);
        case ENDPOINT -> Fixtures.assignment(name, content);
        case LISTENER -> Fixtures.listener(name, "v" + content);
        default -> Fixtures.route(name, "v" + content);
      };
    }

    private void answer(boolean refuse) {
      List<ResourceType> types = new ArrayList<>(unanswered.keySet());
      if (types.isEmpty()) {
        return;
      }
      ResourceType type = types.get(random.nextInt(types.size()));
      Response response = unanswered.remove(type);
      if (response != null) {
        if (!refuse) {
          apply(response);
        }
        Reply reply = send(response, refuse ? Optional.of("refused") : Optional.empty());
        assertThat(reply).as(as).isInstanceOf(refuse ? Reply.Nack.class : Reply.Ack.class);
      }
    }

    private void stale() {
      TYPES.forEach(
          type -> {
            Response old = new Response(variant, type, "", "9999", List.of(), List.of());
            assertThat(send(old, Optional.of("late"))).as(as).isInstanceOf(Reply.Stale.class);
          });
    }

    private Reply send(Response response, Optional<String> error) {
      return state.request(
          switch (variant) {
            case STATE_OF_THE_WORLD ->
                new Request.Sotw(
                    response.type(), response.version(), response.nonce(), List.of("*"), error);
            case DELTA ->
                new Request.Delta(
                    response.type(), response.nonce(), List.of(), List.of(), Map.of(), error);
          },
          now);
    }

    private void apply(Response response) {
      Map<String, String> held = held(response.type());
      if (variant == Variant.STATE_OF_THE_WORLD
          && response.type().scope() == ResourceType.Scope.FULL_STATE) {
        held.clear();
      }
      response.resources().forEach(resource -> held.put(resource.name(), resource.version()));
      response.removed().forEach(held::remove);
    }

    private void receive() {
      for (Optional<Response> next = state.next(now); next.isPresent(); next = state.next(now)) {
        Response response = next.get();
        assertThat(unanswered)
            .as(as + ": one unanswered a type")
            .doesNotContainKey(response.type());
        assertThat(nonces.put(response.type(), response.nonce()))
            .as(as)
            .isNotEqualTo(response.nonce());
        unanswered.put(response.type(), response);
      }
      assertThat(state.next(now)).as(as).isEmpty();
    }

    /**
     * Changes every type, so that refusals are mended too, accepts all, and holds the newest
     * snapshot.
     */
    void settle() {
      SnapshotBuilder builder = new SnapshotBuilder(snapshot);
      for (ResourceType type : TYPES) {
        snapshot.resources(type).keySet().forEach(name -> builder.put(resource(type, name, 9)));
        builder.put(resource(type, "new", 9));
      }
      SnapshotDiff diff = builder.build();
      snapshot = diff.after();
      state.published(diff, ++revision, now);
      now += Duration.ofMinutes(1).toNanos();
      receive();
      int rounds = 0;
      while (!unanswered.isEmpty()) {
        assertThat(rounds++).as(as + ": ends").isLessThan(50);
        answer(false);
        receive();
        if (unanswered.isEmpty()) {
          now += Duration.ofMinutes(1).toNanos();
          receive();
        }
      }
      TYPES.forEach(
          type -> assertThat(held(type)).as(as + " " + type).containsAllEntriesOf(wanted(type)));
      assertThat(held(CLUSTER)).as(as + " CLUSTER").isEqualTo(wanted(CLUSTER));
      assertThat(held(LISTENER)).as(as + " LISTENER").isEqualTo(wanted(LISTENER));
      if (variant == Variant.DELTA) {
        assertThat(held(ROUTE)).as(as + " ROUTE").isEqualTo(wanted(ROUTE));
      }
    }

    private Map<String, String> wanted(ResourceType type) {
      Map<String, String> wanted = new HashMap<>();
      snapshot.resources(type).forEach((name, resource) -> wanted.put(name, resource.version()));
      return wanted;
    }
  }
}
