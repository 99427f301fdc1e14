package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.LISTENER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.listener;
import static dev.sluice.server.xds.Fixtures.route;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A client of the machine without a network, on a clock that stands still unless it is moved. */
final class MachineStream {
  static final Duration DEADLINE = Duration.ofSeconds(10);

  final Variant variant;
  final SubscriptionState state;
  long now;
  private long revision;
  Snapshot snapshot = Snapshot.EMPTY;
  private final Map<ResourceType, Response> last = new HashMap<>();

  MachineStream(Variant variant) {
    this(variant, SotwSubscription.Reconnect.BELIEVED);
  }

  MachineStream(Variant variant, SotwSubscription.Reconnect reconnect) {
    this.variant = variant;
    this.state = new SubscriptionState(variant, reconnect, DEADLINE, new Shared());
  }

  /** A client that has accepted all of {@code a}, {@code l} and {@code r}, one of each type. */
  static MachineStream configured(Variant variant) {
    MachineStream stream = new MachineStream(variant);
    stream.put(cluster("a", "1"), assignment("a", 1), listener("l", "1"), route("r", "1"));
    stream.want(CLUSTER);
    stream.want(ENDPOINT, "a");
    stream.ack(CLUSTER);
    stream.ack(ENDPOINT, "a");
    stream.want(LISTENER);
    stream.ack(LISTENER);
    stream.want(ROUTE, "r");
    stream.ack(ROUTE, "r");
    return stream;
  }

  /** Publishes what {@code edits} make of the snapshot. */
  List<String> publish(Consumer<SnapshotBuilder> edits) {
    SnapshotBuilder builder = new SnapshotBuilder(snapshot);
    edits.accept(builder);
    var diff = builder.build();
    snapshot = diff.after();
    state.published(diff, Map.of(), ++revision, now);
    return sent();
  }

  List<String> put(Resource... resources) {
    return publish(
        builder -> {
          for (Resource resource : resources) {
            builder.put(resource);
          }
        });
  }

  /** Lets time pass. */
  List<String> pass(Duration time) {
    now += time.toNanos();
    return sent();
  }

  /** In both variants: wants these names, of which none was wanted before. */
  List<String> want(ResourceType type, String... names) {
    return switch (variant) {
      case STATE_OF_THE_WORLD -> sotw(type, "", List.of(names));
      case DELTA -> delta(type, List.of(names), List.of(), Map.of());
    };
  }

  /** In both variants: wants one more name besides the one that was wanted before. */
  List<String> wantAlso(ResourceType type, String known, String added) {
    return switch (variant) {
      case STATE_OF_THE_WORLD -> want(type, known, added);
      case DELTA -> want(type, added);
    };
  }

  List<String> sotw(ResourceType type, String version, List<String> names) {
    Response before = last.get(type);
    String nonce = before == null ? "" : before.nonce();
    state.request(new Request.Sotw(type, version, nonce, names, Optional.empty()), now);
    return sent();
  }

  List<String> delta(
      ResourceType type, List<String> add, List<String> drop, Map<String, String> initial) {
    state.request(new Request.Delta(type, "", add, drop, initial, Optional.empty()), now);
    return sent();
  }

  /** Accepts the newest response; names are those wanted, which only SotW repeats. */
  List<String> ack(ResourceType type, String... names) {
    return answer(type, Optional.empty(), names);
  }

  List<String> nack(ResourceType type, String message, String... names) {
    return answer(type, Optional.of(message), names);
  }

  /** The newest response of that type. */
  Response last(ResourceType type) {
    Response response = last.get(type);
    if (response == null) {
      throw new AssertionError("nothing of " + type + " was sent");
    }
    return response;
  }

  private List<String> answer(ResourceType type, Optional<String> error, String... names) {
    Response response = last(type);
    Request request =
        switch (variant) {
          case STATE_OF_THE_WORLD ->
              new Request.Sotw(type, response.version(), response.nonce(), List.of(names), error);
          case DELTA ->
              new Request.Delta(type, response.nonce(), List.of(), List.of(), Map.of(), error);
        };
    state.request(request, now);
    return sent();
  }

  /** What the machine sends now, each response as {@code CDS[a b] -[c]}. */
  List<String> sent() {
    List<String> sent = new ArrayList<>();
    Optional<Response> next = state.next(now);
    while (next.isPresent()) {
      Response response = next.get();
      last.put(response.type(), response);
      sent.add(text(response));
      next = state.next(now);
    }
    return sent;
  }

  private static String text(Response response) {
    List<String> names = response.resources().stream().map(Resource::name).toList();
    String text = response.type().shortName() + "[" + String.join(" ", names) + "]";
    return response.removed().isEmpty()
        ? text
        : text + " -[" + String.join(" ", response.removed()) + "]";
  }
}
