package dev.sluice.translate;

import dev.sluice.spec.Redirect;
import dev.sluice.spec.RegexRewrite;
import dev.sluice.spec.Rewrite;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Requests and what their path becomes.
 *
 * @param match the requests
 * @param prefix what stands for the part of the path that was matched; empty for the same
 * @param regex what stands for parts of the path; empty for the same
 */
record PathChange(
    RouteMatch match, Optional<String> prefix, Optional<RegexMatchAndSubstitute> regex) {

  static List<PathChange> of(RouteMatch match, Optional<Rewrite> rewrite) {
    if (rewrite.isEmpty()) {
      return of(match, null, null);
    }
    String path = rewrite.get().path();
    return path == null
        ? of(match, rewrite.get().prefix(), rewrite.get().regex())
        : List.of(new PathChange(match, Optional.empty(), Optional.of(whole(path))));
  }

  static List<PathChange> of(RouteMatch match, Redirect redirect) {
    return of(match, redirect.prefix(), redirect.regex());
  }

  private static List<PathChange> of(
      RouteMatch match, @Nullable String prefix, @Nullable RegexRewrite regex) {
    if (prefix != null) {
      return ofPrefix(match, prefix);
    }
    return List.of(
        new PathChange(match, Optional.empty(), Optional.ofNullable(regex).map(PathChange::parts)));
  }

  /**
   * Envoy swaps the letters that were matched and no more, so what joins them to the rest is seen
   * to here: {@code /a} for {@code /} must make {@code /a/b} of {@code /b}, and {@code /} for
   * {@code /a} must make {@code /b} of {@code /a/b}.
   */
  private static List<PathChange> ofPrefix(RouteMatch match, String prefix) {
    String segments = prefix.replaceFirst("/+$", "");
    return switch (match.getPathSpecifierCase()) {
      case PATH_SEPARATED_PREFIX -> {
        String own = match.getPathSeparatedPrefix();
        yield segments.isEmpty()
            ? List.of(
                swap(match.toBuilder().setPath(own).build(), "/"),
                swap(match.toBuilder().setPrefix(own + "/").build(), "/"))
            : List.of(swap(match, segments));
      }
      case PREFIX -> List.of(swap(match, segments + "/"));
      case PATH -> List.of(swap(match, prefix));
      // Refused by validation.
      default -> List.of(new PathChange(match, Optional.empty(), Optional.empty()));
    };
  }

  private static PathChange swap(RouteMatch match, String prefix) {
    return new PathChange(match, Optional.of(prefix), Optional.empty());
  }

  private static RegexMatchAndSubstitute parts(RegexRewrite regex) {
    return substitute(regex.pattern(), regex.substitution());
  }

  private static RegexMatchAndSubstitute whole(String path) {
    return substitute("^/.*$", path.replace("\\", "\\\\"));
  }

  private static RegexMatchAndSubstitute substitute(String pattern, String substitution) {
    return RegexMatchAndSubstitute.newBuilder()
        .setPattern(RegexMatcher.newBuilder().setRegex(pattern))
        .setSubstitution(substitution)
        .build();
  }
}
