package dev.sluice.server.admin;

import io.javalin.http.Context;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each request that may change something: who, from where, what, and what came of it.
 * {@link Gate} has every route audited that is not marked as reading; a route says in its own words
 * what it did, by {@link #did}.
 */
final class Audit {
  private static final Logger LOG = LoggerFactory.getLogger("audit");
  private static final String AUDITED = "sluice.audited";
  private static final String DID = "sluice.did";
  private static final int FIRST_REFUSAL = 400;
  private static final int FIRST_FAILURE = 500;

  private Audit() {}

  /** Has {@link #write} tell of the request. */
  static void begin(Context context) {
    context.attribute(AUDITED, true);
  }

  /** Says what was done, such as {@code drained 10.0.0.1:8080 of orders.shop}. */
  static void did(Context context, String what) {
    context.attribute(DID, what);
  }

  static void write(Context context) {
    if (context.attribute(AUDITED) == null) {
      return;
    }
    int status = context.statusCode();
    String outcome =
        status < FIRST_REFUSAL ? "done" : status < FIRST_FAILURE ? "refused" : "failed";
    String who = Caller.of(context).name().orElse("-");
    String asked = context.method() + " " + context.path();
    String what =
        Objects.requireNonNullElse(
            context.attribute(DID),
            Objects.requireNonNullElse(HttpListener.message(context), "" + status));
    LOG.atInfo()
        .addKeyValue("who", who)
        .addKeyValue("from", context.ip())
        .addKeyValue("asked", asked)
        .addKeyValue("status", status)
        .addKeyValue("outcome", outcome)
        .addKeyValue("what", what)
        .log("{} from {}: {}: {}: {}", who, context.ip(), asked, outcome, what);
  }
}
