package dev.sluice.server.admin;

import dev.sluice.catalog.ServiceId;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.snapshot.SnapshotStore;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which revisions are asked for.
 *
 * @param service those that it had a part in; without a namespace in any
 * @param since not those before
 * @param limit at most so many, the newest
 */
record HistoryQuery(Optional<ServiceId> service, Optional<Instant> since, int limit) {
  static final int DEFAULT_LIMIT = 20;

  private static final SortedSet<String> PARAMETERS =
      new TreeSet<>(List.of("service", "since", "limit"));

  /**
   * The query of a request.
   *
   * @throws BadRequestResponse when it makes no sense; the message says why
   */
  static HistoryQuery of(Context context) {
    QueryText.refuseUnknown(context, PARAMETERS);
    return new HistoryQuery(
        QueryText.of(context, "service").map(text -> ServiceId.parse(text, "")),
        QueryText.of(context, "since").map(HistoryQuery::instant),
        QueryText.limit(context, SnapshotStore.REVISIONS_KEPT).orElse(DEFAULT_LIMIT));
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException _) {
      throw new BadRequestResponse(
          "since \"" + text + "\" is no time; write it as 2026-01-31T12:00:00Z");
    }
  }

  boolean matches(Revision revision) {
    return since.filter(first -> revision.at().isBefore(first)).isEmpty()
        && (service.isEmpty()
            || revision.reasons().stream()
                .flatMap(reason -> reason.services().stream())
                .anyMatch(id -> isMeant(service.get(), id)));
  }

  private static boolean isMeant(ServiceId wanted, ServiceId id) {
    return wanted.name().equals(id.name())
        && (wanted.namespace().isEmpty() || wanted.namespace().equals(id.namespace()));
  }
}
