package dev.sluice.server.explain;

import com.google.protobuf.Any;
import dev.sluice.server.explain.Arrival.Client;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy;
import io.envoyproxy.envoy.config.route.v3.RouteAction.RequestMirrorPolicy;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a request meets at its route and before it. */
final class RouteSettings {
  private static final String FILTERS = "envoy.filters.http.";

  /** Where a route says nothing ({@code RouteAction.timeout}). */
  private static final String DEFAULT_TIMEOUT = "15s";

  private final Settings settings = new Settings();

  private RouteSettings() {}

  static Map<String, String> of(VirtualHost host, Route route, Client client) {
    RouteSettings of = new RouteSettings();
    Map<String, Any> filters = new TreeMap<>(host.getTypedPerFilterConfigMap());
    filters.putAll(route.getTypedPerFilterConfigMap());
    of.filters(filters);
    if (route.hasRoute()) {
      of.limits(
          route.getRoute().getRateLimitsCount() > 0
              ? route.getRoute().getRateLimitsList()
              : host.getRateLimitsList());
      of.timeouts(route.getRoute(), client);
      of.retries(
          route.getRoute().hasRetryPolicy()
              ? route.getRoute().getRetryPolicy()
              : host.getRetryPolicy(),
          route.getRoute());
      of.mirrors(route.getRoute().getRequestMirrorPoliciesList());
      of.rest(route.getRoute());
    }
    return of.settings.values();
  }

  private void filters(Map<String, Any> filters) {
    if (filters.containsKey(FILTERS + "ext_authz")) {
      settings.put("authz", "not asked");
    }
    Optional.ofNullable(filters.get(FILTERS + "local_ratelimit"))
        .flatMap(any -> Settings.unpacked(any, LocalRateLimit.class))
        .map(LocalRateLimit::getTokenBucket)
        .ifPresent(
            bucket ->
                settings.put(
                    "rateLimit.local",
                    "%d requests in %s, %d at once"
                        .formatted(
                            bucket.getTokensPerFill().getValue(),
                            Settings.text(bucket.getFillInterval()),
                            bucket.getMaxTokens())));
    Optional.ofNullable(filters.get(FILTERS + "fault"))
        .flatMap(any -> Settings.unpacked(any, HTTPFault.class))
        .ifPresent(this::fault);
    Optional.ofNullable(filters.get(FILTERS + "buffer"))
        .flatMap(any -> Settings.unpacked(any, BufferPerRoute.class))
        .filter(BufferPerRoute::hasBuffer)
        .ifPresent(
            buffer ->
                settings.put(
                    "limits.requestBody",
                    buffer.getBuffer().getMaxRequestBytes().getValue() + " bytes"));
  }

  private void fault(HTTPFault fault) {
    if (fault.hasDelay()) {
      settings.put(
          "fault.delay",
          Settings.text(fault.getDelay().getFixedDelay())
              + " for "
              + share(fault.getDelay().getPercentage()));
    }
    if (fault.hasAbort()) {
      String code =
          fault.getAbort().hasGrpcStatus()
              ? "gRPC status " + fault.getAbort().getGrpcStatus()
              : String.valueOf(fault.getAbort().getHttpStatus());
      settings.put("fault.abort", code + " for " + share(fault.getAbort().getPercentage()));
    }
  }

  private void limits(List<RateLimit> limits) {
    if (!limits.isEmpty()) {
      settings.put(
          "rateLimit.global",
          limits.stream().map(RouteSettings::limit).collect(Collectors.joining(", ")));
    }
  }

  /** Those of policies begin with their name. */
  private static String limit(RateLimit limit) {
    return limit.getActionsList().stream()
        .filter(RateLimit.Action::hasGenericKey)
        .map(action -> action.getGenericKey().getDescriptorValue())
        .findFirst()
        .orElse("one without a name");
  }

  private void timeouts(RouteAction action, Client client) {
    boolean longest = action.getMaxStreamDuration().hasMaxStreamDuration();
    if (client == Client.ENVOY) {
      settings.put(
          "timeouts.request",
          action.hasTimeout() ? orNone(Settings.text(action.getTimeout())) : DEFAULT_TIMEOUT);
      if (action.hasIdleTimeout()) {
        settings.put("timeouts.idle", orNone(Settings.text(action.getIdleTimeout())));
      }
      if (longest) {
        settings.put("timeouts.maxStream", stream(action));
      }
    } else if (longest) {
      settings.put("timeouts.request", stream(action));
    }
  }

  private static String stream(RouteAction action) {
    return orNone(Settings.text(action.getMaxStreamDuration().getMaxStreamDuration()));
  }

  private static String orNone(String time) {
    return time.equals("0s") ? "none" : time;
  }

  private void retries(RetryPolicy retry, RouteAction action) {
    if (retry.getRetryOn().isEmpty()) {
      settings.put("retry.attempts", "none");
      return;
    }
    long attempts = retry.hasNumRetries() ? retry.getNumRetries().getValue() : 1;
    settings.put("retry.attempts", attempts);
    List<String> on = new ArrayList<>(List.of(retry.getRetryOn().split(",")));
    if (on.remove("retriable-status-codes")) {
      retry.getRetriableStatusCodesList().forEach(code -> on.add(code.toString()));
    }
    settings.put("retry.retryOn", String.join(", ", on));
    if (action.getHedgePolicy().getHedgeOnPerTryTimeout()) {
      settings.put("retry.hedge.after", retry.getPerTryTimeout());
    } else if (retry.hasPerTryTimeout()) {
      settings.put("retry.perTryTimeout", retry.getPerTryTimeout());
    }
    if (retry.hasRetryBackOff()) {
      settings.put(
          "retry.backoff",
          Settings.text(retry.getRetryBackOff().getBaseInterval())
              + " to "
              + Settings.text(retry.getRetryBackOff().getMaxInterval()));
    }
    if (retry.getRetryHostPredicateCount() > 0) {
      settings.put("retry.avoidPreviousHosts", "true");
    }
  }

  private void mirrors(List<RequestMirrorPolicy> mirrors) {
    for (RequestMirrorPolicy mirror : mirrors) {
      settings.put(
          "mirror",
          "a copy of %s to %s"
              .formatted(
                  mirror.hasRuntimeFraction()
                      ? share(mirror.getRuntimeFraction().getDefaultValue())
                      : "100%",
                  mirror.getCluster()));
    }
  }

  private void rest(RouteAction action) {
    if (action.getHashPolicyCount() > 0) {
      settings.put(
          "loadBalancer.hash",
          action.getHashPolicyList().stream()
              .map(RouteSettings::hash)
              .collect(Collectors.joining(", else ")));
    }
    action.getUpgradeConfigsList().stream()
        .filter(upgrade -> !upgrade.hasEnabled() || upgrade.getEnabled().getValue())
        .forEach(upgrade -> settings.put("upgrade", upgrade.getUpgradeType()));
  }

  private static String hash(HashPolicy policy) {
    return switch (policy.getPolicySpecifierCase()) {
      case HEADER -> "header " + policy.getHeader().getHeaderName();
      case COOKIE -> "cookie " + policy.getCookie().getName();
      case QUERY_PARAMETER -> "query parameter " + policy.getQueryParameter().getName();
      case CONNECTION_PROPERTIES -> "the client's address";
      case FILTER_STATE -> policy.getFilterState().getKey();
      case POLICYSPECIFIER_NOT_SET -> "a key that is not known here";
    };
  }

  private static String share(FractionalPercent percent) {
    long of =
        switch (percent.getDenominator()) {
          case HUNDRED, UNRECOGNIZED -> 100;
          case TEN_THOUSAND -> 10_000;
          case MILLION -> 1_000_000;
        };
    return Percentage.text(percent.getNumerator(), of);
  }
}
