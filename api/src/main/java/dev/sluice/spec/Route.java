package dev.sluice.spec;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.routes[]}: requests that are treated otherwise than the service's others. One of
 * {@code to}, {@code respond} and {@code redirect} is given, or none for the split.
 *
 * @param name unique within the policy
 * @param match any of these; not empty
 * @param to the versions they go to
 * @param respond the answer that the proxy gives
 * @param redirect where the caller is sent
 * @param rewrite what the service is asked for instead; null for what was asked
 * @param timeouts merged over the service's; null for those
 * @param retry merged over the service's; null for that
 * @param mirror merged over the service's; null for that
 * @param fault merged over the service's; null for that
 * @param limits merged over the service's; null for those
 * @param upgrade instead of the service's; empty for those
 * @param rateLimit merged over the service's, and counted apart; null for that, and together
 * @param hash instead of the service's {@code loadBalancer.hash}; empty for that
 * @param authz whether a Gateway's authorization service is asked; default: inherit
 */
public record Route(
    @Required String name,
    @Required List<Match> match,
    @Nullable To to,
    @Nullable Respond respond,
    @Nullable Redirect redirect,
    @Nullable Rewrite rewrite,
    @Nullable Timeouts timeouts,
    @Nullable Retry retry,
    @Nullable Mirror mirror,
    @Nullable Fault fault,
    @Nullable Limits limits,
    List<Upgrade> upgrade,
    @Nullable RateLimit rateLimit,
    List<HashKey> hash,
    @Nullable Authorization authz) {
  public Route {
    Objects.requireNonNull(name);
    match = List.copyOf(match);
    upgrade = List.copyOf(upgrade);
    hash = List.copyOf(hash);
  }

  /**
   * {@code spec.routes[].match[]}: all that is given must hold.
   *
   * @param path the path without the query; null for any
   * @param methods any of these; empty for any
   * @param headers all of these
   * @param query all of these parameters
   * @param cookies all of these
   */
  public record Match(
      @Nullable PathMatch path,
      List<Method> methods,
      List<ValueMatch> headers,
      List<ValueMatch> query,
      List<ValueMatch> cookies) {
    public Match {
      methods = List.copyOf(methods);
      headers = List.copyOf(headers);
      query = List.copyOf(query);
      cookies = List.copyOf(cookies);
    }
  }

  /** Whether {@link Gateway.Spec#authz} is asked. */
  public enum Authorization {
    /** As for all requests. */
    INHERIT,
    /** Nobody is asked: who knows the route may use it. */
    DISABLED
  }

  /** An HTTP method. */
  public enum Method {
    GET,
    HEAD,
    POST,
    PUT,
    PATCH,
    DELETE,
    OPTIONS,
    TRACE,
    CONNECT;

    /** As documents write it. */
    @Override
    public String toString() {
      return name();
    }
  }

  /**
   * {@code spec.routes[].match[].path}: exactly one is given.
   *
   * @param exact the whole path
   * @param prefix whole path segments; {@code /} is every path
   * @param regex RE2, over the whole path
   */
  public record PathMatch(
      @Nullable String exact, @Nullable String prefix, @Nullable String regex) {}

  /**
   * A header, query parameter or cookie: exactly one condition is given.
   *
   * @param name of a header ignoring case, of others to the letter
   * @param exact the whole value
   * @param prefix how the value begins
   * @param suffix how the value ends
   * @param contains what the value holds somewhere
   * @param regex RE2, over the whole value
   * @param present true for any value, false for absence
   */
  public record ValueMatch(
      @Required String name,
      @Nullable String exact,
      @Nullable String prefix,
      @Nullable String suffix,
      @Nullable String contains,
      @Nullable String regex,
      @Nullable Boolean present) {
    public ValueMatch {
      Objects.requireNonNull(name);
    }
  }

  /**
   * {@code spec.routes[].to}: exactly one is given.
   *
   * @param version the version that takes all
   * @param weights shares by version name, as in the split, at most 256
   */
  public record To(@Nullable String version, SortedMap<String, Integer> weights) {
    public To {
      weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
    }
  }
}
