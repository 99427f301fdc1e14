package dev.sluice.policy.attach;

import dev.sluice.spec.BlueGreen;
import dev.sluice.spec.Rollout;
import dev.sluice.spec.Route;
import dev.sluice.spec.Split;
import dev.sluice.spec.TrafficPolicySpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Requests that reach the version of a blue-green rollout which has no traffic ({@code
 * spec.rollout.blueGreen.preview}).
 *
 * @param version which one that is at the moment
 * @param given which requests
 */
record RolloutPreview(String version, BlueGreen.Preview given) {
  /** Where documents write it. */
  static final String PATH = "$.spec.rollout.blueGreen.preview";

  RolloutPreview {
    Objects.requireNonNull(version);
    Objects.requireNonNull(given);
  }

  /** That of a policy whose split says where its rollout stands. */
  static Optional<RolloutPreview> of(TrafficPolicySpec spec) {
    Rollout rollout = spec.rollout();
    BlueGreen blueGreen = rollout == null ? null : rollout.blueGreen();
    Split split = spec.split();
    if (blueGreen == null || blueGreen.preview() == null || split == null) {
      return Optional.empty();
    }
    BlueGreen.Preview preview = blueGreen.preview();
    // After a roll-back, and while a flip waits for its gate, the idle one is the one that is
    // called active.
    return List.of(blueGreen.standby(), blueGreen.active()).stream()
        .filter(version -> split.weights().getOrDefault(version, 0) == 0)
        .findFirst()
        .map(version -> new RolloutPreview(version, preview));
  }

  /** The host by which gateways tell these requests; empty where a header tells them. */
  Optional<String> host() {
    return Optional.ofNullable(given.host());
  }

  /** The route that takes them: by a host, every request under it. */
  Route route() {
    BlueGreen.Header header = given.header();
    List<Route.ValueMatch> headers =
        header == null
            ? List.of()
            : List.of(
                new Route.ValueMatch(header.name(), header.exact(), null, null, null, null, null));
    return new Route(
        BlueGreen.Preview.ROUTE,
        List.of(new Route.Match(null, List.of(), headers, List.of(), List.of())),
        new Route.To(version, new TreeMap<>()),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        null,
        List.of(),
        null);
  }
}
