package dev.sluice.spec;

import org.jspecify.annotations.Nullable;

/**
 * {@code spec.routes[].redirect}: the caller is told to go elsewhere ({@code
 * envoy.config.route.v3.RedirectAction}). What is left out is as in the request; one of {@code
 * path}, {@code prefix} and {@code regex} at most.
 *
 * @param scheme of the new URL
 * @param host of the new URL
 * @param port of the new URL, 1 to 65535; null for the request's
 * @param path instead of the whole path
 * @param prefix instead of the path segments that the match's prefix took
 * @param regex instead of parts of the path
 * @param code 301, 302, 303, 307 or 308; null for 301
 * @param stripQuery whether the query is left out; null for false
 */
public record Redirect(
    @Nullable Scheme scheme,
    @Nullable String host,
    @Nullable Integer port,
    @Nullable String path,
    @Nullable String prefix,
    @Nullable RegexRewrite regex,
    @Nullable Integer code,
    @Nullable Boolean stripQuery) {
  /** A URL's scheme. */
  public enum Scheme {
    HTTP,
    HTTPS
  }
}
