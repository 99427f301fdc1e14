package dev.sluice.spec;

import org.jspecify.annotations.Nullable;

/**
 * {@code spec.routes[].rewrite}: what the service is asked for instead. One of {@code prefix},
 * {@code path} and {@code regex} at most.
 *
 * @param prefix instead of the path segments that the match's prefix took; null for unchanged
 * @param path instead of the whole path; the query stays; null for unchanged
 * @param regex instead of parts of the path; null for unchanged
 * @param host instead of the {@code Host} header; null for unchanged
 */
public record Rewrite(
    @Nullable String prefix,
    @Nullable String path,
    @Nullable RegexRewrite regex,
    @Nullable String host) {}
