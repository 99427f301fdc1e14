package dev.sluice.translate;

import dev.sluice.spec.OnError;
import dev.sluice.translate.EdgeSettings.Authorization;
import io.envoyproxy.envoy.config.core.v3.HttpUri;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.AuthorizationResponse;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.HttpService;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.ListStringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import java.util.List;
import java.util.Locale;

/** A service that is asked whether a request may pass ({@code envoy.filters.http.ext_authz}). */
final class ExternalAuthorization {
  /** The filter's name, by which routes switch it off. */
  static final String NAME = "envoy.filters.http.ext_authz";

  /** For requests of which nobody is asked. */
  static final ExtAuthzPerRoute DISABLED = ExtAuthzPerRoute.newBuilder().setDisabled(true).build();

  private ExternalAuthorization() {}

  static HttpFilter filter(Authorization authorization) {
    ExtAuthz.Builder filter =
        ExtAuthz.newBuilder()
            .setTransportApiVersion(io.envoyproxy.envoy.config.core.v3.ApiVersion.V3)
            .setFailureModeAllow(authorization.onError() == OnError.ALLOW)
            // Envoy would answer 403, as if the service had said no.
            .setStatusOnError(HttpStatus.newBuilder().setCode(StatusCode.ServiceUnavailable));
    switch (authorization) {
      case Authorization.OverGrpc grpc ->
          filter.setGrpcService(Protos.grpc(grpc.cluster(), grpc.timeout()));
      case Authorization.OverHttp http -> overHttp(filter, http);
    }
    return HttpFilters.filter(NAME, filter.build());
  }

  private static void overHttp(ExtAuthz.Builder filter, Authorization.OverHttp http) {
    HttpService.Builder service =
        HttpService.newBuilder()
            .setServerUri(
                HttpUri.newBuilder()
                    .setUri("http://" + http.authority())
                    .setCluster(http.cluster())
                    .setTimeout(Protos.duration(http.timeout())))
            .setPathPrefix(http.pathPrefix());
    if (!http.responseHeaders().isEmpty()) {
      service.setAuthorizationResponse(
          AuthorizationResponse.newBuilder()
              .setAllowedUpstreamHeaders(names(http.responseHeaders())));
    }
    filter.setHttpService(service);
    if (!http.requestHeaders().isEmpty()) {
      filter.setAllowedHeaders(names(http.requestHeaders()));
    }
  }

  private static ListStringMatcher names(List<String> headers) {
    ListStringMatcher.Builder names = ListStringMatcher.newBuilder();
    headers.forEach(
        header ->
            names.addPatterns(
                StringMatcher.newBuilder().setExact(header.toLowerCase(Locale.ROOT))));
    return names.build();
  }
}
