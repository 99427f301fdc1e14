package dev.sluice.spec;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.timeouts} ({@code envoy.config.route.v3.RouteAction}).
 *
 * @param request from the end of the request to the end of the answer, retries included; null for
 *     15s, 0s for none
 * @param idle without a byte in either direction; null for the listener's
 * @param maxStream the whole life of a stream; null for no limit
 */
public record Timeouts(
    @Nullable Duration request, @Nullable Duration idle, @Nullable Duration maxStream) {}
