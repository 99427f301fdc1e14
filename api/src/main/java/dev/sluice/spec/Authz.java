package dev.sluice.spec;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code Gateway.spec.authz}: a service that is asked whether a request may pass ({@code
 * envoy.extensions.filters.http.ext_authz.v3.ExtAuthz}). Exactly one of {@code grpc} and {@code
 * http} is given.
 *
 * @param grpc it speaks {@code envoy.service.auth.v3.Authorization}
 * @param http it answers requests: 200 lets one pass, anything else is the client's answer
 * @param timeout how long it is waited for; null for 200ms, as Envoy has it
 * @param onError what happens when it does not answer; null for deny
 */
public record Authz(
    @Nullable ServicePortRef grpc,
    @Nullable Http http,
    @Nullable Duration timeout,
    @Nullable OnError onError) {
  /**
   * {@code Gateway.spec.authz.http}.
   *
   * @param service {@code name}, or {@code name.namespace} where it is another's
   * @param port of the service, 1 to 65535
   * @param pathPrefix what stands before the request's own path; null for nothing
   * @param requestHeaders what it is told of the request besides method, path, host and the {@code
   *     authorization} header
   * @param responseHeaders those of its answer that the request is given when it passes
   */
  public record Http(
      @Required String service,
      @Required Integer port,
      @Nullable String pathPrefix,
      List<String> requestHeaders,
      List<String> responseHeaders) {
    public Http {
      Objects.requireNonNull(service);
      Objects.requireNonNull(port);
      requestHeaders = List.copyOf(requestHeaders);
      responseHeaders = List.copyOf(responseHeaders);
    }
  }
}
