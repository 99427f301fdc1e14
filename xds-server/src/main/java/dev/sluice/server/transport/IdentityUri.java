package dev.sluice.server.transport;

import dev.sluice.node.NodeGroup;
import dev.sluice.spec.Scalar;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * SPIFFE identities, written as one whose path segments may be {@code {service}}, {@code
 * {namespace}}, {@code {id}} or {@code {role}}, which stand for what a proxy claims, or {@code *},
 * which stands for any one segment. A placeholder is a whole segment, so that no two claims give
 * the same identity.
 *
 * @param text such as <code>spiffe://prod.example/ns/{namespace}/sa/{service}</code>
 */
@Scalar
public record IdentityUri(String text) {
  private static final String SCHEME = "spiffe://";
  private static final Pattern TRUST_DOMAIN = Pattern.compile("[a-z0-9._-]+");
  private static final Pattern LITERAL = Pattern.compile("[A-Za-z0-9._-]+");
  private static final String ANY = "*";
  private static final String NOWHERE = "{}";
  private static final List<String> PLACEHOLDERS =
      List.of("{service}", "{namespace}", "{id}", "{role}");

  public IdentityUri {
    Objects.requireNonNull(text);
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException saying what would be right
   */
  public static IdentityUri parse(String text) {
    IdentityUri uri = new IdentityUri(text);
    List<String> segments = segments(text);
    if (!text.startsWith(SCHEME)
        || !TRUST_DOMAIN.matcher(segments.getFirst()).matches()
        || segments.size() < 2) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is not a SPIFFE identity; write spiffe://TRUST-DOMAIN/PATH, such as"
              + " spiffe://prod.example/ns/{namespace}/sa/{service}");
    }
    for (String segment : segments.subList(1, segments.size())) {
      if (!PLACEHOLDERS.contains(segment)
          && !segment.equals(ANY)
          && !LITERAL.matcher(segment).matches()) {
        throw new IllegalArgumentException(
            "\"%s\" in \"%s\" is no path segment; write letters, digits, dots, dashes and underscores, or as a whole one of %s and *"
                .formatted(segment, text, String.join(", ", PLACEHOLDERS)));
      }
    }
    return uri;
  }

  /** Whether the identity depends on which service is claimed; a node.id says nothing of it. */
  boolean isBound() {
    return segments(text).contains("{service}");
  }

  /** Whether a proxy with this identity may claim to be that one. */
  boolean matches(String identity, String id, NodeGroup group) {
    List<String> wanted = segments(wanted(id, group));
    List<String> proved = segments(identity);
    return identity.startsWith(SCHEME)
        && wanted.size() == proved.size()
        && Stream.iterate(0, i -> i < wanted.size(), i -> i + 1)
            .allMatch(i -> wanted.get(i).equals(ANY) || wanted.get(i).equals(proved.get(i)));
  }

  /** The identity that such a claim needs, {@code *} where any will do. */
  String wanted(String id, NodeGroup group) {
    return segments(text).stream()
        .map(
            segment ->
                switch (segment) {
                  case "{service}" -> claimed(group.service().name());
                  case "{namespace}" -> claimed(group.service().namespace());
                  case "{id}" -> claimed(id);
                  case "{role}" -> group.role().name().toLowerCase(Locale.ROOT);
                  default -> segment;
                })
        .collect(Collectors.joining("/", SCHEME, ""));
  }

  /** A claim that is no path segment, such as {@code *} or {@code a/b}, is in no identity. */
  private static String claimed(String claim) {
    return LITERAL.matcher(claim).matches() ? claim : NOWHERE;
  }

  private static List<String> segments(String uri) {
    String rest = uri.startsWith(SCHEME) ? uri.substring(SCHEME.length()) : uri;
    return List.of(rest.split("/", -1));
  }

  @Override
  public String toString() {
    return text;
  }
}
