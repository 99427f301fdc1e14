package dev.sluice.server.explain;

import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import java.util.Optional;

/**
 * Whether a request has what a {@code envoy.config.route.v3.QueryParameterMatcher} asks for. Of
 * several parameters of one name the first counts; nothing is decoded.
 */
final class QueryMatches {
  private QueryMatches() {}

  static Holds match(Seen seen, QueryParameterMatcher matcher) {
    String subject = "query parameter " + matcher.getName();
    if (seen.doubt().isPresent()) {
      return Holds.cannotTell(seen.doubt().get());
    }
    Optional<String> value = first(seen.query(), matcher.getName());
    return switch (matcher.getQueryParameterMatchSpecifierCase()) {
      case STRING_MATCH ->
          value
              .map(text -> Texts.match(subject, text, matcher.getStringMatch()))
              .orElseGet(() -> Holds.no(subject + " is missing"));
      case PRESENT_MATCH ->
          matcher.getPresentMatch()
              ? present(subject, value)
              : Holds.cannotTell(subject + " is matched in a way that is not known here");
      case QUERYPARAMETERMATCHSPECIFIER_NOT_SET -> present(subject, value);
    };
  }

  private static Holds present(String subject, Optional<String> value) {
    return Holds.of(value.isPresent(), subject + (value.isPresent() ? " is there" : " is missing"));
  }

  private static Optional<String> first(String query, String name) {
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String its = equals < 0 ? parameter : parameter.substring(0, equals);
      if (its.equals(name)) {
        return Optional.of(equals < 0 ? "" : parameter.substring(equals + 1));
      }
    }
    return Optional.empty();
  }
}
