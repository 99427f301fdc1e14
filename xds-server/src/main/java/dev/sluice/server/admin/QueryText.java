package dev.sluice.server.admin;

import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Reads parameters of a request's query. */
final class QueryText {
  /** No parameters at all. */
  static final SortedSet<String> NONE = Collections.emptySortedSet();

  private QueryText() {}

  /**
   * Lets only these pass.
   *
   * @throws BadRequestResponse where there is another one; the message names those there are
   */
  static void refuseUnknown(Context context, SortedSet<String> parameters) {
    for (String parameter : context.queryParamMap().keySet()) {
      if (!parameters.contains(parameter)) {
        String known = parameters.isEmpty() ? "none" : String.join(", ", parameters);
        throw new BadRequestResponse(
            "there is no parameter \"%s\"; there %s %s"
                .formatted(parameter, parameters.size() == 1 ? "is" : "are", known));
      }
    }
  }

  /**
   * The value of a parameter.
   *
   * @throws BadRequestResponse where it is empty
   */
  static Optional<String> of(Context context, String name) {
    @Nullable String text = context.queryParam(name);
    if (text != null && text.isEmpty()) {
      throw new BadRequestResponse("the parameter \"" + name + "\" is empty; leave it out");
    }
    return Optional.ofNullable(text);
  }

  /**
   * Whether a parameter is {@code true}.
   *
   * @param otherwise what holds where it is left out
   * @throws BadRequestResponse where it is neither true nor false
   */
  static boolean flag(Context context, String name, boolean otherwise) {
    String text = of(context, name).orElse(String.valueOf(otherwise));
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new BadRequestResponse("%s \"%s\" is neither true nor false".formatted(name, text));
    };
  }

  /**
   * {@code limit}.
   *
   * @param most what it may be
   * @throws BadRequestResponse where it is no number from 1 on
   */
  static Optional<Integer> limit(Context context, int most) {
    return of(context, "limit").map(text -> limit(text, most));
  }

  private static int limit(String text, int most) {
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= most) {
        return limit;
      }
    } catch (NumberFormatException _) {
      // Told as every other number that cannot be.
    }
    throw new BadRequestResponse("limit \"%s\" is not within 1..%d".formatted(text, most));
  }
}
