package dev.sluice.translate;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.sluice.policy.attach.FaultPolicy;
import dev.sluice.policy.attach.FaultPolicy.AbortPolicy;
import dev.sluice.policy.attach.FaultPolicy.DelayPolicy;
import dev.sluice.policy.attach.LocalLimitPolicy;
import dev.sluice.policy.attach.RequestPolicy;
import dev.sluice.spec.Percent;
import dev.sluice.spec.Route;
import dev.sluice.translate.VirtualHostInput.Entrance;
import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.type.v3.TokenBucket;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the HTTP filters do with some requests ({@code typed_per_filter_config} of a virtual host or
 * a route). Of two configurations of one filter the route's holds, and stands for all of the other.
 */
final class FilterConfigs {
  private FilterConfigs() {}

  /** For all requests to a service that no route says otherwise of. */
  static SortedMap<String, Any> ofService(String name, RequestPolicy service, ClientKind client) {
    SortedMap<String, Any> configs = new TreeMap<>();
    service.fault().ifPresent(fault -> put(configs, HttpFilters.FAULT, fault(Optional.of(fault))));
    if (client == ClientKind.ENVOY) {
      if (service.requestBody().isPresent()) {
        put(configs, HttpFilters.BUFFER, buffer(service.requestBody()));
      }
      service
          .limit()
          .ifPresent(limit -> put(configs, HttpFilters.LOCAL_RATE_LIMIT, limit(name, limit)));
    }
    return configs;
  }

  /** For the requests of a route, where they are treated otherwise than the service's. */
  static SortedMap<String, Any> ofRoute(String name, RequestPolicy route, VirtualHostInput host) {
    RequestPolicy service = host.requests();
    SortedMap<String, Any> configs = new TreeMap<>();
    if (!route.fault().equals(service.fault())) {
      put(configs, HttpFilters.FAULT, fault(route.fault()));
    }
    if (host.client() == ClientKind.ENVOY) {
      if (!route.requestBody().equals(service.requestBody())) {
        put(configs, HttpFilters.BUFFER, buffer(route.requestBody()));
      }
      if (!route.limit().equals(service.limit())) {
        route
            .limit()
            .ifPresent(limit -> put(configs, HttpFilters.LOCAL_RATE_LIMIT, limit(name, limit)));
      }
    }
    if (host.entrance() == Entrance.GATEWAY && route.authz() == Route.Authorization.DISABLED) {
      put(configs, ExternalAuthorization.NAME, ExternalAuthorization.DISABLED);
    }
    return configs;
  }

  /** For all calls to the application beside a sidecar. */
  static Map<String, Any> inbound(String name, Optional<LocalLimitPolicy> limit) {
    SortedMap<String, Any> configs = new TreeMap<>();
    limit.ifPresent(it -> put(configs, HttpFilters.LOCAL_RATE_LIMIT, limit(name, it)));
    return configs;
  }

  private static void put(Map<String, Any> configs, String filter, Message config) {
    configs.put(filter, Any.pack(config));
  }

  private static HTTPFault fault(Optional<FaultPolicy> policy) {
    HTTPFault.Builder fault = HTTPFault.newBuilder();
    policy.flatMap(FaultPolicy::delay).ifPresent(delay -> fault.setDelay(delay(delay)));
    policy.flatMap(FaultPolicy::abort).ifPresent(abort -> fault.setAbort(abort(abort)));
    return fault.build();
  }

  private static FaultDelay delay(DelayPolicy policy) {
    return FaultDelay.newBuilder()
        .setFixedDelay(Protos.duration(policy.time()))
        .setPercentage(Protos.percentage(policy.percent()))
        .build();
  }

  private static FaultAbort abort(AbortPolicy policy) {
    FaultAbort.Builder abort =
        FaultAbort.newBuilder().setPercentage(Protos.percentage(policy.percent()));
    return switch (policy.code()) {
      case HTTP -> abort.setHttpStatus(policy.status()).build();
      case GRPC -> abort.setGrpcStatus(policy.status()).build();
    };
  }

  private static BufferPerRoute buffer(OptionalLong most) {
    return most.isEmpty()
        ? BufferPerRoute.newBuilder().setDisabled(true).build()
        : BufferPerRoute.newBuilder()
            .setBuffer(Buffer.newBuilder().setMaxRequestBytes(Protos.uint32(most.getAsLong())))
            .build();
  }

  /** Both fractions are set: by default nothing would be counted, and nothing refused. */
  private static LocalRateLimit limit(String name, LocalLimitPolicy policy) {
    return LocalRateLimit.newBuilder()
        .setStatPrefix(Names.statistic(name))
        .setTokenBucket(
            TokenBucket.newBuilder()
                .setMaxTokens(policy.burst())
                .setTokensPerFill(Protos.uint32(policy.requests()))
                .setFillInterval(Protos.duration(policy.per())))
        .setFilterEnabled(Protos.fraction(Percent.ALL))
        .setFilterEnforced(Protos.fraction(Percent.ALL))
        // Envoy would answer UNAVAILABLE, upon which callers try again.
        .setRateLimitedAsResourceExhausted(true)
        .build();
  }
}
