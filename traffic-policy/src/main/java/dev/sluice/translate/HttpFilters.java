package dev.sluice.translate;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.sluice.translate.ListenerInput.ForRequests;
import dev.sluice.translate.ListenerInput.GrpcListener;
import dev.sluice.translate.ListenerInput.HttpListener;
import dev.sluice.translate.ListenerInput.Side;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The HTTP filters of a listener ({@code HttpConnectionManager.http_filters}), in the order that
 * requests pass them. Each stands there whether or not a policy asks for it, and does nothing until
 * a virtual host or route says so: a listener that changes drains its connections.
 */
final class HttpFilters {
  static final String LOCAL_RATE_LIMIT = "envoy.filters.http.local_ratelimit";
  static final String FAULT = "envoy.filters.http.fault";
  static final String BUFFER = "envoy.filters.http.buffer";

  private HttpFilters() {}

  /** The filters of a listener of its kind; the router is the last. */
  static List<HttpFilter> of(ForRequests listener) {
    return switch (listener) {
      case HttpListener http -> ofEnvoy(http);
      // gRPC refuses filters that it does not know.
      case GrpcListener _ -> List.of(filter(FAULT, HTTPFault.getDefaultInstance()), router());
    };
  }

  private static List<HttpFilter> ofEnvoy(HttpListener listener) {
    List<HttpFilter> filters = new ArrayList<>();
    Optional<EdgeSettings> edge =
        listener.side() instanceof Side.Edge(EdgeSettings settings, _)
            ? Optional.of(settings)
            : Optional.empty();
    // First, so that requests that may not pass take nothing of a limit.
    edge.flatMap(EdgeSettings::authz).map(ExternalAuthorization::filter).ifPresent(filters::add);
    filters.add(localRateLimit());
    // After what the proxy decides by itself, so that the service is asked of no more than it must.
    edge.flatMap(EdgeSettings::limits).map(GlobalLimits::filter).ifPresent(filters::add);
    filters.addAll(List.of(fault(), buffer(), router()));
    return filters;
  }

  private static HttpFilter localRateLimit() {
    return disabled(LOCAL_RATE_LIMIT, LocalRateLimit.newBuilder().setStatPrefix("local").build());
  }

  private static HttpFilter fault() {
    return disabled(FAULT, HTTPFault.getDefaultInstance());
  }

  /** Its size is one that Envoy takes; each virtual host or route that enables it has its own. */
  private static HttpFilter buffer() {
    return disabled(BUFFER, Buffer.newBuilder().setMaxRequestBytes(Protos.uint32(1)).build());
  }

  private static HttpFilter router() {
    return filter("envoy.filters.http.router", Router.getDefaultInstance());
  }

  /** A filter for requests alone whose virtual host or route has a configuration of it. */
  private static HttpFilter disabled(String name, Message config) {
    return filter(name, config).toBuilder().setDisabled(true).build();
  }

  static HttpFilter filter(String name, Message config) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(Any.pack(config)).build();
  }
}
