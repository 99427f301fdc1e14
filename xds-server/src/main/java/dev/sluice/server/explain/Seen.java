package dev.sluice.server.explain;

import dev.sluice.server.explain.Arrival.Client;
import dev.sluice.server.explain.Arrival.Transport;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathWithEscapedSlashesAction;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A request as routes are held against it: after what a proxy does to each.
 *
 * @param call as it was sent
 * @param arrival how it came
 * @param authority the host, with its port unless that is taken away
 * @param path with its query, in the form that the proxy gives it
 * @param doubt why the path may be another; empty where it may not
 * @param repeats how the proxy sees headers that there are several of
 */
record Seen(
    Call call,
    Arrival arrival,
    String authority,
    String path,
    Optional<String> doubt,
    Repeats repeats) {
  /** Headers that proxies set, change or remove by themselves before they route. */
  private static final Set<String> OWN =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "forwarded",
          "http2-settings",
          "keep-alive",
          "proxy-connection",
          "te",
          "transfer-encoding",
          "upgrade",
          "via",
          "x-client-trace-id",
          "x-forwarded-client-cert",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-proto",
          "x-request-id",
          ":scheme");

  /** Headers of which Envoy makes one as it reads them. */
  private static final Set<String> ONE = Set.of("content-type", "user-agent");

  /** Headers with which some Envoys do so. */
  private static final Set<String> PERHAPS_ONE =
      Set.of(
          "accept",
          "accept-encoding",
          "authorization",
          "cache-control",
          "etag",
          "grpc-timeout",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-range",
          "if-unmodified-since",
          "origin",
          "pragma",
          "referer");

  private static final Set<PathWithEscapedSlashesAction> KEEPING =
      Set.of(
          PathWithEscapedSlashesAction.IMPLEMENTATION_SPECIFIC_DEFAULT,
          PathWithEscapedSlashesAction.KEEP_UNCHANGED);

  /** What is known of a header's value. */
  sealed interface Value {
    /** The value. */
    record Known(String text) implements Value {}

    /** The values of several headers of that name. */
    record Several(List<String> texts, Repeats repeats) implements Value {
      public Several {
        texts = List.copyOf(texts);
      }
    }

    /** There is no such header. */
    record Missing() implements Value {}

    /** It is not known what routes see. */
    record Unsure(String why) implements Value {}
  }

  static Seen of(Call call, Arrival arrival, Repeats repeats) {
    HttpConnectionManager manager = arrival.manager();
    String path = call.path();
    Optional<String> doubt = Optional.empty();
    String escapes = pathOf(path).toLowerCase(Locale.ROOT);
    boolean slashes = escapes.contains("%2f") || escapes.contains("%5c");
    if (slashes && !KEEPING.contains(manager.getPathWithEscapedSlashesAction())) {
      doubt = Optional.of("the listener treats escaped slashes in paths in its own way");
    }
    if (manager.hasPathNormalizationOptions()) {
      doubt = Optional.of("the listener has its own way to normalize paths");
    }
    if (manager.getNormalizePath().getValue()) {
      Optional<String> normal = NormalPath.of(path);
      if (normal.isEmpty()) {
        doubt = Optional.of("the path cannot be normalized, so the listener refuses the request");
      }
      path = normal.orElse(path);
    }
    if (manager.getMergeSlashes()) {
      int end = pathOf(path).length();
      path = path.substring(0, end).replaceAll("/{2,}", "/") + path.substring(end);
    }
    return new Seen(call, arrival, authority(call.authority(), arrival), path, doubt, repeats);
  }

  private static String authority(String given, Arrival arrival) {
    HttpConnectionManager manager = arrival.manager();
    String authority = given;
    if (manager.getStripTrailingHostDot()) {
      String host = Hosts.withoutPort(authority);
      if (host.endsWith(".")) {
        authority = host.substring(0, host.length() - 1) + authority.substring(host.length());
      }
    }
    boolean matching =
        manager.getStripMatchingHostPort() && authority.endsWith(":" + arrival.port());
    return manager.getStripAnyHostPort() || matching ? Hosts.withoutPort(authority) : authority;
  }

  /** The path without the query. */
  String barePath() {
    return pathOf(path);
  }

  /** The query after its question mark; empty where there is none. */
  String query() {
    int mark = path.indexOf('?');
    return mark < 0 ? "" : path.substring(mark + 1);
  }

  private static String pathOf(String path) {
    int mark = path.indexOf('?');
    return mark < 0 ? path : path.substring(0, mark);
  }

  /** Whether it is a call of gRPC, which proxies tell by its content's type. */
  boolean isGrpc() {
    return header("content-type") instanceof Value.Known(String type)
        && (type.equals("application/grpc") || type.startsWith("application/grpc+"));
  }

  /** What routes see of the header {@code name}. */
  Value header(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (arrival.client() == Client.GRPC) {
      return ofGrpc(lower);
    }
    if (arrival.manager().getEarlyHeaderMutationExtensionsCount() > 0) {
      return new Value.Unsure("the listener changes headers before it routes");
    }
    return switch (lower) {
      case ":method" -> new Value.Known(call.method());
      case ":authority", "host" -> new Value.Known(authority);
      case ":path" -> doubt.<Value>map(Value.Unsure::new).orElseGet(() -> new Value.Known(path));
      case "x-forwarded-proto" -> forwardedProto();
      default ->
          OWN.contains(lower) || lower.startsWith("x-envoy-")
              ? new Value.Unsure("the proxy sets or removes the header " + lower + " by itself")
              : given(lower);
    };
  }

  /** One that faces clients says by itself what they came by, unless it trusts who is before it. */
  private Value forwardedProto() {
    HttpConnectionManager manager = arrival.manager();
    boolean own = manager.getUseRemoteAddress().getValue() && manager.getXffNumTrustedHops() == 0;
    Value told = joined("x-forwarded-proto");
    if (!own && told instanceof Value.Known) {
      return told;
    }
    return new Value.Known(arrival.transport() == Transport.TLS ? "https" : "http");
  }

  /** What programs see of the call that they are about to make. */
  private Value ofGrpc(String name) {
    if (name.startsWith(":") || name.equals("host") || name.equals("user-agent")) {
      return new Value.Unsure("gRPC's implementations differ in what " + name + " is to routes");
    }
    if (name.endsWith("-bin")) {
      return new Value.Missing();
    }
    return name.equals("content-type") ? new Value.Known("application/grpc") : joined(name);
  }

  private Value given(String name) {
    List<String> values = values(name);
    if (values.size() < 2 || ONE.contains(name)) {
      return joined(name);
    }
    boolean perhaps = PERHAPS_ONE.contains(name) || name.startsWith("access-control-");
    // Of cookies older ones were joined in another way.
    boolean older = name.equals("cookie") && repeats == Repeats.JOINED;
    return new Value.Several(values, perhaps || older ? Repeats.UNKNOWN : repeats);
  }

  private Value joined(String name) {
    List<String> values = values(name);
    return values.isEmpty() ? new Value.Missing() : new Value.Known(String.join(",", values));
  }

  private List<String> values(String name) {
    return call.headers().stream()
        .filter(header -> header.name().equals(name))
        .map(Call.Header::value)
        .toList();
  }
}
