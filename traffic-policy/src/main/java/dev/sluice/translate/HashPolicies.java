package dev.sluice.translate;

import dev.sluice.spec.HashKey;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy.ConnectionProperties;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy.Cookie;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy.FilterState;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy.Header;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy.QueryParameter;
import java.util.List;
import java.util.Optional;

/** What of a request is hashed ({@code RouteAction.hash_policy}). */
final class HashPolicies {
  /** By which a gRPC client hashes all calls of a channel alike (gRFC A42). */
  private static final String CHANNEL = "io.grpc.channel_id";

  private HashPolicies() {}

  /** A policy for each key that the client knows; the first that a request has ends the search. */
  static List<HashPolicy> of(List<HashKey> keys, ClientKind client) {
    return keys.stream()
        .map(key -> policy(key, client))
        .flatMap(Optional::stream)
        .map(policy -> policy.setTerminal(true).build())
        .toList();
  }

  private static Optional<HashPolicy.Builder> policy(HashKey key, ClientKind client) {
    return switch (client) {
      case ENVOY -> Optional.of(ofEnvoy(key));
      case GRPC -> ofGrpc(key);
    };
  }

  private static HashPolicy.Builder ofEnvoy(HashKey key) {
    HashPolicy.Builder policy = HashPolicy.newBuilder();
    if (key.header() != null) {
      return policy.setHeader(Header.newBuilder().setHeaderName(key.header()));
    }
    if (key.query() != null) {
      return policy.setQueryParameter(QueryParameter.newBuilder().setName(key.query()));
    }
    HashKey.Cookie cookie = key.cookie();
    if (cookie == null) {
      return policy.setConnectionProperties(ConnectionProperties.newBuilder().setSourceIp(true));
    }
    Cookie.Builder named = Cookie.newBuilder().setName(cookie.name());
    if (cookie.ttl() != null) {
      // For every path, or else each path's first answer would give another cookie.
      named.setTtl(Protos.duration(cookie.ttl())).setPath("/");
    }
    return policy.setCookie(named);
  }

  /** gRPC knows headers, and itself: what comes from one address is what comes from one channel. */
  private static Optional<HashPolicy.Builder> ofGrpc(HashKey key) {
    if (key.header() != null) {
      return Optional.of(ofEnvoy(key));
    }
    return key.sourceIP() == null
        ? Optional.empty()
        : Optional.of(
            HashPolicy.newBuilder().setFilterState(FilterState.newBuilder().setKey(CHANNEL)));
  }
}
