package dev.sluice.policy.validate;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.sluice.spec.Redirect;
import dev.sluice.spec.RegexRewrite;
import dev.sluice.spec.Respond;
import dev.sluice.spec.Rewrite;
import dev.sluice.spec.Route;
import dev.sluice.spec.Route.Match;
import dev.sluice.spec.Route.PathMatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What becomes of a route's requests: {@code respond}, {@code redirect}, {@code rewrite}. */
final class RouteActionRules {
  /** What of a route is of meaning to requests that go on to an instance alone. */
  private static final List<String> FORWARDING =
      List.of("rewrite", "timeouts", "retry", "mirror", "upgrade", "hash");

  /** What of a route is of meaning whatever becomes of its requests. */
  private static final List<String> ANY = List.of("fault", "limits", "rateLimit", "authz");

  /** Statuses whose answers have no body (RFC 9110, section 15). */
  private static final List<Integer> BODILESS = List.of(204, 205, 304);

  private static final List<Integer> CODES = List.of(301, 302, 303, 307, 308);

  /** {@code RouteConfiguration.max_direct_response_body_size_bytes}, by default. */
  private static final int LARGEST_BODY = 4096;

  private RouteActionRules() {}

  static void check(At at, Route route) {
    if (!at.legible()) {
      return;
    }
    one(at, route);
    if (route.respond() != null) {
      respond(at.key("respond"), route.respond());
    }
    if (route.redirect() != null) {
      redirect(at.key("redirect"), route.redirect(), route.match());
    }
    if (route.rewrite() != null) {
      rewrite(at.key("rewrite"), route.rewrite(), route.match());
    }
  }

  private static void one(At at, Route route) {
    List<String> given = new ArrayList<>();
    for (String action : List.of("to", "respond", "redirect")) {
      if (at.key(action).isGiven()) {
        given.add(action);
      }
    }
    if (given.size() > 1) {
      at.error("has " + String.join(" and ", given) + "; keep one of them");
    } else if (given.isEmpty() && !givesAny(at, FORWARDING) && !givesAny(at, ANY)) {
      at.error(
          "says nothing of its requests; write to: {version: NAME}, respond, redirect, or what is"
              + " to differ on their way to the split, such as timeouts");
    } else if (route.respond() != null || route.redirect() != null) {
      for (String key : FORWARDING) {
        if (at.key(key).isGiven()) {
          at.key(key)
              .error("nothing is sent on by " + given.getFirst() + "; remove one of the two");
        }
      }
      if (route.rateLimit() != null && !route.rateLimit().global().isEmpty()) {
        at.key("rateLimit")
            .key("global")
            .error(
                "only requests that are sent on are counted, and nothing is by "
                    + given.getFirst()
                    + "; remove it, or use local");
      }
    }
  }

  private static boolean givesAny(At at, List<String> keys) {
    return keys.stream().anyMatch(key -> at.key(key).isGiven());
  }

  private static void respond(At at, Respond respond) {
    at.within("status", respond.status(), 200, 599);
    answer(at, respond.status(), respond.body());
  }

  /** The body of an answer that the proxy gives by itself. */
  static void answer(At at, int status, @Nullable String body) {
    int size = body == null ? 0 : body.getBytes(StandardCharsets.UTF_8).length;
    if (size > LARGEST_BODY) {
      at.key("body").error("has " + size + " bytes; the most is " + LARGEST_BODY);
    } else if (size > 0 && BODILESS.contains(status)) {
      at.key("body").error("an answer with the status " + status + " has no body; remove it");
    }
  }

  private static void redirect(At at, Redirect redirect, List<Match> matches) {
    boolean[] given = {
      redirect.path() != null, redirect.prefix() != null, redirect.regex() != null
    };
    boolean changes =
        redirect.scheme() != null || redirect.host() != null || redirect.port() != null;
    paths(at, given);
    if (!changes && !given[0] && !given[1] && !given[2]) {
      at.error("goes where it came from; write a scheme, host, port, path, prefix or regex");
    }
    if (redirect.host() != null) {
      Names.exactHost(at.key("host"), redirect.host());
    }
    at.within("port", redirect.port(), 1, 65_535);
    if (redirect.path() != null) {
      target(at.key("path"), redirect.path(), Query.ALLOWED);
    }
    prefix(at, redirect.prefix(), matches);
    regex(at.key("regex"), redirect.regex());
    if (redirect.code() != null && !CODES.contains(redirect.code())) {
      at.key("code").error(redirect.code() + " is no redirection; use 301, 302, 303, 307 or 308");
    }
  }

  private static void rewrite(At at, Rewrite rewrite, List<Match> matches) {
    boolean[] given = {rewrite.path() != null, rewrite.prefix() != null, rewrite.regex() != null};
    paths(at, given);
    if (rewrite.host() == null && !given[0] && !given[1] && !given[2]) {
      at.error("is empty; write a prefix, path, regex or host");
    }
    if (rewrite.host() != null) {
      Names.authority(at.key("host"), rewrite.host());
    }
    if (rewrite.path() != null) {
      target(at.key("path"), rewrite.path(), Query.REFUSED);
    }
    prefix(at, rewrite.prefix(), matches);
    regex(at.key("regex"), rewrite.regex());
  }

  private static void paths(At at, boolean[] given) {
    if ((given[0] ? 1 : 0) + (given[1] ? 1 : 0) + (given[2] ? 1 : 0) > 1) {
      OneOf.exactlyOne(at, List.of("path", "prefix", "regex"), given);
    }
  }

  /** Whether a path may bring a query with it. */
  private enum Query {
    ALLOWED,
    REFUSED
  }

  private static void target(At at, String path, Query query) {
    if (!path.startsWith("/")) {
      at.error("\"" + path + "\" must begin with \"/\"");
    } else if (!path.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      at.error("holds what a URL cannot, such as a space; write it percent-encoded");
    } else if (path.indexOf('#') >= 0 || (query == Query.REFUSED && path.indexOf('?') >= 0)) {
      at.error("\"" + path + "\" holds a query or fragment; write the path alone");
    }
  }

  /** A prefix stands for what a match took, so each match must say what it takes. */
  private static void prefix(At at, @Nullable String prefix, List<Match> matches) {
    if (prefix == null) {
      return;
    }
    target(at.key("prefix"), prefix, Query.REFUSED);
    boolean regex =
        matches.stream()
            .map(Match::path)
            .filter(Objects::nonNull)
            .map(PathMatch::regex)
            .anyMatch(Objects::nonNull);
    if (regex) {
      at.key("prefix")
          .error(
              "there is no prefix to replace where the path is matched by regex; use regex:"
                  + " {pattern, substitution}");
    }
  }

  private static void regex(At at, @Nullable RegexRewrite regex) {
    if (regex == null) {
      return;
    }
    Regexes.check(at.key("pattern"), regex.pattern());
    String wrong = wrongReference(regex.substitution(), groups(regex.pattern()));
    if (wrong != null) {
      at.key("substitution").error(wrong);
    } else if (!regex.substitution().chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      at.key("substitution")
          .error("holds what a URL cannot, such as a space; write it percent-encoded");
    }
  }

  /** As many as can be referred to where the expression itself is wrong. */
  private static int groups(String pattern) {
    try {
      return Pattern.compile(pattern).groupCount();
    } catch (PatternSyntaxException e) {
      return 9;
    }
  }

  /** What is wrong with {@code \N} in a substitution: Envoy would leave the path as it was. */
  private static @Nullable String wrongReference(String substitution, int groups) {
    for (int i = substitution.indexOf('\\'); i >= 0; i = substitution.indexOf('\\', i + 2)) {
      char next = i + 1 < substitution.length() ? substitution.charAt(i + 1) : ' ';
      if (next != '\\' && (next < '0' || next > '9')) {
        return "a backslash stands before a group's number, as in \\1; write \\\\ for itself";
      }
      if (next != '\\' && next - '0' > groups) {
        return "\\" + next + " is no group of the pattern, which has " + groups;
      }
    }
    return null;
  }
}
