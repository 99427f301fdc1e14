package dev.sluice.server.admin;

import dev.sluice.server.overrides.RefusedException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.util.function.Consumer;

/** A part of the admin API. */
public interface AdminRoutes {
  /** Adds what it serves. */
  void addTo(RoutesConfig routes);

  /** A handler by which what is refused is answered with its reason. */
  static Handler refusing(Consumer<Context> handler) {
    return context -> {
      try {
        handler.accept(context);
      } catch (RefusedException e) {
        if (e.why() == RefusedException.Why.UNAVAILABLE) {
          context.header("Retry-After", "1");
        }
        throw new HttpResponseException(status(e.why()).getCode(), String.valueOf(e.getMessage()));
      }
    };
  }

  private static HttpStatus status(RefusedException.Why why) {
    return switch (why) {
      case WRONG -> HttpStatus.BAD_REQUEST;
      case UNKNOWN -> HttpStatus.NOT_FOUND;
      case CONFLICT -> HttpStatus.CONFLICT;
      case FORBIDDEN -> HttpStatus.FORBIDDEN;
      case STORE -> HttpStatus.BAD_GATEWAY;
      case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
    };
  }
}
