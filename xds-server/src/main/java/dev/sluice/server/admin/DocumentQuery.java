package dev.sluice.server.admin;

import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which documents are asked for.
 *
 * @param kind theirs, if only one is wanted
 * @param namespace theirs, if only one is wanted
 * @param name theirs, if only one is wanted
 */
record DocumentQuery(Optional<Kind> kind, Optional<String> namespace, Optional<String> name) {
  private static final SortedSet<String> PARAMETERS =
      new TreeSet<>(List.of("kind", "namespace", "name"));

  /**
   * The query of a request.
   *
   * @throws BadRequestResponse when it makes no sense; the message says why
   */
  static DocumentQuery of(Context context) {
    QueryText.refuseUnknown(context, PARAMETERS);
    return new DocumentQuery(
        QueryText.of(context, "kind").map(DocumentQuery::kind),
        QueryText.of(context, "namespace"),
        QueryText.of(context, "name"));
  }

  /** The kind that documents write so, in letters of any case. */
  static Kind kind(String text) {
    return Kind.of(text)
        .orElseThrow(
            () ->
                new BadRequestResponse(
                    "there is no kind \"%s\"; there are %s".formatted(text, Kind.choice())));
  }

  boolean matches(DocumentKey key) {
    return kind.filter(wanted -> wanted != key.kind()).isEmpty()
        && namespace.filter(wanted -> !wanted.equals(key.namespace())).isEmpty()
        && name.filter(wanted -> !wanted.equals(key.name())).isEmpty();
  }
}
