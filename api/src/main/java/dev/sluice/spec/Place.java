package dev.sluice.spec;

import org.jspecify.annotations.Nullable;

/**
 * {@code locality} as documents write it.
 *
 * @param region null for unknown
 * @param zone within the region; null for unknown
 */
public record Place(@Nullable String region, @Nullable String zone) {}
