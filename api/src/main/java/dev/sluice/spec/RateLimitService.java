package dev.sluice.spec;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code Gateway.spec.rateLimitService}: a service that counts the requests of {@link
 * RateLimit#global} for all gateways together ({@code
 * envoy.extensions.filters.http.ratelimit.v3.RateLimit}). It speaks {@code
 * envoy.service.ratelimit.v3.RateLimitService} over gRPC.
 *
 * @param service {@code name}, or {@code name.namespace} where it is another's
 * @param port of the service, 1 to 65535
 * @param domain under which it counts: gateways of one domain count together; null for {@code
 *     name.namespace} of the Gateway
 * @param timeout how long it is waited for; null for 20ms, as Envoy has it
 * @param onError what happens when it does not answer; null for allow
 */
public record RateLimitService(
    @Required String service,
    @Required Integer port,
    @Nullable String domain,
    @Nullable Duration timeout,
    @Nullable OnError onError) {
  public RateLimitService {
    Objects.requireNonNull(service);
    Objects.requireNonNull(port);
  }
}
