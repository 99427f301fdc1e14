package dev.sluice.spec;

import org.jspecify.annotations.Nullable;

/**
 * {@code spec.degrade}: the kill switch, by which the proxies answer instead of the service's split
 * ({@code envoy.config.route.v3.DirectResponseAction}).
 *
 * @param enabled whether it is thrown; null for false
 * @param status 200 to 599; null for 503
 * @param body at most 4096 bytes of UTF-8, sent as text/plain; null for none
 */
public record Degrade(@Nullable Boolean enabled, @Nullable Integer status, @Nullable String body) {}
