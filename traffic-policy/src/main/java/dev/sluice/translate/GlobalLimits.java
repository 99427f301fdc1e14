package dev.sluice.translate;

import dev.sluice.policy.attach.GlobalLimitPolicy;
import dev.sluice.spec.OnError;
import dev.sluice.spec.RateLimit.LimitKey;
import dev.sluice.translate.EdgeSettings.Limits;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.ratelimit.v3.RateLimitServiceConfig;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import java.util.List;
import java.util.Locale;

/**
 * Limits that a service counts for all gateways together ({@code envoy.filters.http.ratelimit}).
 */
final class GlobalLimits {
  static final String NAME = "envoy.filters.http.ratelimit";

  /** Names a limit, in what the service is told of a request. */
  static final String LIMIT = "limit";

  private GlobalLimits() {}

  /** Asks about those requests alone whose virtual host or route has limits. */
  static HttpFilter filter(Limits limits) {
    var filter =
        io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimit.newBuilder()
            .setDomain(limits.domain())
            .setTimeout(Protos.duration(limits.timeout()))
            .setFailureModeDeny(limits.onError() == OnError.DENY)
            // Envoy would answer 500, as if the instance had failed.
            .setStatusOnError(HttpStatus.newBuilder().setCode(StatusCode.ServiceUnavailable))
            // Envoy would answer UNAVAILABLE, upon which gRPC's clients try again.
            .setRateLimitedAsResourceExhausted(true)
            .setRateLimitService(
                RateLimitServiceConfig.newBuilder()
                    .setTransportApiVersion(ApiVersion.V3)
                    .setGrpcService(Protos.grpc(limits.cluster(), limits.timeout())))
            .build();
    return HttpFilters.filter(NAME, filter);
  }

  /** What the service is told of a request: a descriptor for each limit. */
  static List<RateLimit> of(List<GlobalLimitPolicy> limits) {
    return limits.stream().map(GlobalLimits::descriptor).toList();
  }

  /** Begins with the limit's name, so that it is there whatever the request lacks. */
  private static RateLimit descriptor(GlobalLimitPolicy limit) {
    RateLimit.Builder descriptor = RateLimit.newBuilder();
    descriptor
        .addActionsBuilder()
        .getGenericKeyBuilder()
        .setDescriptorKey(LIMIT)
        .setDescriptorValue(limit.id());
    limit.key().forEach(key -> descriptor.addActions(action(key)));
    return descriptor.build();
  }

  private static Action action(LimitKey key) {
    Action.Builder action = Action.newBuilder();
    if (key.header() != null) {
      action
          .getRequestHeadersBuilder()
          .setHeaderName(key.header().toLowerCase(Locale.ROOT))
          .setDescriptorKey(name(key))
          .setSkipIfAbsent(true);
    } else if (key.query() != null) {
      action
          .getQueryParametersBuilder()
          .setQueryParameterName(key.query())
          .setDescriptorKey(name(key))
          .setSkipIfAbsent(true);
    } else {
      action.getRemoteAddressBuilder();
    }
    return action.build();
  }

  /**
   * What a value is told under. The service looks for {@code key_value} before {@code key}: since
   * no name may hold a parenthesis, none is another's with a value.
   */
  static String name(LimitKey key) {
    if (key.header() != null) {
      return "header(" + key.header().toLowerCase(Locale.ROOT) + ")";
    }
    return key.query() != null ? "query(" + key.query() + ")" : "remote_address";
  }
}
