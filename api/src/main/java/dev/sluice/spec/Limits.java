package dev.sluice.spec;

import org.jspecify.annotations.Nullable;

/**
 * {@code limits}: what a request may be.
 *
 * @param requestBody its size at most ({@code envoy.extensions.filters.http.buffer.v3.Buffer});
 *     null or 0 for no limit
 */
public record Limits(@Nullable Size requestBody) {}
