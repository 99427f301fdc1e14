package dev.sluice.spec;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code Gateway.spec.client}: what clients of the gateway may do ({@code
 * envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager}).
 *
 * @param requestHeadersTimeout until all headers of a request have come, else 408; null for no
 *     limit
 * @param streamIdle without a byte in either direction, else 408; null for 5m, 0s for no limit
 * @param maxHeaderKb size of a request's headers in KiB, else 431; null for 60, 1 to 8192
 * @param trustedHops proxies before this one whose {@code x-forwarded-for} is believed; null for 0
 */
public record ClientLimits(
    @Nullable Duration requestHeadersTimeout,
    @Nullable Duration streamIdle,
    @Nullable Integer maxHeaderKb,
    @Nullable Integer trustedHops) {}
