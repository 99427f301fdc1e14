package dev.sluice.spec;

import org.jspecify.annotations.Nullable;

/**
 * {@code spec.telemetry}: what proxies tell of the calls to the service.
 *
 * @param statPrefix what its Clusters' statistics are named by ({@code Cluster.alt_stat_name});
 *     letters, digits, _ and -, 60 at most; null for the Clusters' names
 * @param samplePercent of the requests that are traced where nobody has decided before ({@code
 *     Route.tracing.random_sampling}); null for the listener's
 */
public record Telemetry(@Nullable String statPrefix, @Nullable Percent samplePercent) {}
