package dev.sluice.translate;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.sluice.translate.ListenerInput.GrpcListener;
import dev.sluice.translate.ListenerInput.HttpListener;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;

/**
 * The HTTP filters of a listener ({@code HttpConnectionManager.http_filters}), in the order that
 * requests pass them. Each stands there whether or not a policy asks for it, and does nothing until
 * a virtual host or route says so: a listener that changes drains its connections.
 */
final class HttpFilters {
  private HttpFilters() {}

  /** The filters of a listener of its kind; the router is the last. */
  static List<HttpFilter> of(ListenerInput listener) {
    return switch (listener) {
      case HttpListener _ -> List.of(router());
      // gRPC refuses filters that it does not know.
      case GrpcListener _ -> List.of(router());
    };
  }

  private static HttpFilter router() {
    return filter("envoy.filters.http.router", Router.getDefaultInstance()).build();
  }

  private static HttpFilter.Builder filter(String name, Message config) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(Any.pack(config));
  }
}
