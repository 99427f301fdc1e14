package dev.sluice.server.admin;

import dev.sluice.server.settings.AdminToken.May;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HandlerType;
import io.javalin.http.UnauthorizedResponse;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets those in who may ask what they ask, and notes in the {@link Audit} who changed something. A
 * request that is no {@code GET} may change something, unless its route has {@link Reads}.
 */
final class Gate {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
  private static final Pattern BEARER = Pattern.compile("(?i)bearer +([!-~]+) *");
  private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD);
  private static final String HOW =
      "send it as a bearer token (sluice: --token-file FILE or SLUICE_TOKEN)";

  /** All that a server tells to whoever can connect: that it lives. */
  private static final String OPEN = "/livez";

  private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

  private final Tokens tokens;
  private long toldAt = System.nanoTime() - PAUSE; // Guarded by this.

  Gate(Tokens tokens) {
    this.tokens = tokens;
  }

  void addTo(RoutesConfig routes) {
    routes.before(this::enter).beforeMatched(Gate::pass).after(Audit::write);
  }

  private void enter(Context context) {
    if (tokens.areNone() || context.path().equals(OPEN)) {
      return;
    }
    String header = Optional.ofNullable(context.header("Authorization")).orElse("");
    Matcher bearer = BEARER.matcher(header);
    Optional<Caller> caller = bearer.matches() ? tokens.caller(bearer.group(1)) : Optional.empty();
    if (caller.isEmpty()) {
      String why =
          header.isEmpty()
              ? "this server wants a token; " + HOW
              : bearer.matches()
                  ? "the token is none of admin.tokens in the server's configuration"
                  : "what Authorization holds is no token; " + HOW;
      tell(context, why);
      context.header("WWW-Authenticate", "Bearer");
      throw new UnauthorizedResponse(why);
    }
    caller.get().note(context);
  }

  /** One in ten seconds at most: who is refused comes back. */
  private synchronized void tell(Context context, String why) {
    long now = System.nanoTime();
    if (now - toldAt >= PAUSE) {
      toldAt = now;
      LOG.warn("{} {} of {} refused: {}", context.method(), context.path(), context.ip(), why);
    }
  }

  /** Whether the request, of a route that there is, may change something. */
  static boolean mayChange(Context context) {
    return !READING.contains(context.method()) && !context.routeRoles().contains(Reads.ONLY);
  }

  private static void pass(Context context) {
    if (!mayChange(context)) {
      return;
    }
    Audit.begin(context);
    Caller caller = Caller.of(context);
    if (caller.may() != May.WRITE) {
      throw new ForbiddenResponse(
          "the token \"%s\" may read alone; ask with one that may write (may: write in admin.tokens)"
              .formatted(caller.name().orElse("")));
    }
  }
}
