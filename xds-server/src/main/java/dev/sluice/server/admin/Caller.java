package dev.sluice.server.admin;

import dev.sluice.server.settings.AdminToken.May;
import io.javalin.http.Context;
import java.util.Objects;
import java.util.Optional;

/**
 * Who asks.
 *
 * @param name of the token; empty where none is wanted
 * @param may what it may do
 */
record Caller(Optional<String> name, May may) {
  private static final String ATTRIBUTE = "sluice.caller";

  /** Whoever can connect, where no tokens are configured. */
  static final Caller ANYBODY = new Caller(Optional.empty(), May.WRITE);

  static Caller of(Context context) {
    return Objects.requireNonNullElse(context.attribute(ATTRIBUTE), ANYBODY);
  }

  void note(Context context) {
    context.attribute(ATTRIBUTE, this);
  }

  /** Who, and from where, for the log. */
  static String text(Context context) {
    return of(context).name().map(name -> name + " at " + context.ip()).orElse(context.ip());
  }
}
