package dev.sluice.translate;

import dev.sluice.policy.attach.TimeoutPolicy;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.MaxStreamDuration;
import java.time.Duration;
import java.util.stream.Stream;

/** How long a request may take ({@code RouteAction.timeout} and its neighbours). */
final class Timeouts {
  private Timeouts() {}

  static void apply(RouteAction.Builder action, TimeoutPolicy policy, ClientKind client) {
    switch (client) {
      case ENVOY -> {
        action.setTimeout(Protos.duration(policy.request()));
        policy.idle().ifPresent(idle -> action.setIdleTimeout(Protos.duration(idle)));
        policy.maxStream().ifPresent(longest -> maxStream(action, longest));
      }
      // gRPC knows only the whole life of a call (gRFC A31), 0 being no limit.
      case GRPC -> maxStream(action, shortest(policy));
    }
  }

  private static Duration shortest(TimeoutPolicy policy) {
    return Stream.concat(Stream.of(policy.request()), policy.maxStream().stream())
        .filter(Duration::isPositive)
        .sorted()
        .findFirst()
        .orElse(Duration.ZERO);
  }

  private static void maxStream(RouteAction.Builder action, Duration longest) {
    action.setMaxStreamDuration(
        MaxStreamDuration.newBuilder().setMaxStreamDuration(Protos.duration(longest)));
  }
}
