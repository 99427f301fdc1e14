package dev.sluice.spec;

import org.jspecify.annotations.Nullable;

/**
 * {@code mirror}: copies of requests, whose answers nobody waits for ({@code
 * envoy.config.route.v3.RouteAction.RequestMirrorPolicy}). One of {@code version} and {@code
 * service} is given.
 *
 * @param version the version that gets them
 * @param service the other service that gets them, {@code name} or {@code name.namespace}
 * @param percent of the requests that are copied; null for 100, 0 for none
 */
public record Mirror(
    @Nullable String version, @Nullable String service, @Nullable Percent percent) {}
