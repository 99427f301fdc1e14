package dev.sluice.server.admin;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.ServiceUnavailableResponse;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * How many requests that take long are answered at once, so that neither the memory nor the threads
 * by which {@code /livez} is answered run out. One too many is refused before its body is read.
 */
final class Turns {
  private static final String TAKEN = "sluice.turn";
  private static final int MOST_TEXTS = 2;

  /** Fewer than a listener has threads. */
  private static final int MOST_CHANGES = 8;

  /** Of those that bring documents. */
  private final Semaphore texts = new Semaphore(MOST_TEXTS);

  /** Of those that may wait for a store or for the pipeline. */
  private final Semaphore changes = new Semaphore(MOST_CHANGES);

  void addTo(RoutesConfig routes) {
    routes.beforeMatched(this::take).after(Turns::giveBack);
  }

  private void take(Context context) {
    Optional<Semaphore> wanted = wanted(context);
    if (wanted.isEmpty()) {
      return;
    }
    if (!wanted.get().tryAcquire()) {
      context.header("Retry-After", "1");
      throw new ServiceUnavailableResponse(
          "the server is busy with as many requests of this kind as it takes at once; try again");
    }
    context.attribute(TAKEN, wanted.get());
  }

  private Optional<Semaphore> wanted(Context context) {
    if (GivenTexts.areFor(context)) {
      return Optional.of(texts);
    }
    return Gate.mayChange(context) ? Optional.of(changes) : Optional.empty();
  }

  private static void giveBack(Context context) {
    Semaphore taken = context.attribute(TAKEN);
    if (taken != null) {
      taken.release();
    }
  }
}
