package dev.sluice.server.admin;

import dev.sluice.catalog.ServiceId;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which services are asked for, and how much of each.
 *
 * @param namespace theirs, if only one is wanted
 * @param name theirs, if only one is wanted
 * @param after those that come after this one; it need not exist
 * @param limit at most so many
 * @param detail how much of each
 */
record ServiceQuery(
    Optional<String> namespace,
    Optional<String> name,
    Optional<ServiceId> after,
    int limit,
    Detail detail) {

  /** How much of a service is told. */
  enum Detail {
    /** Its instances too, each by itself. */
    ENDPOINTS,
    /** Its instances as counts alone. */
    COUNTS
  }

  static final int DEFAULT_LIMIT = 500;
  static final int MOST = 1_000;

  private static final SortedSet<String> PARAMETERS =
      new TreeSet<>(List.of("namespace", "name", "after", "limit", "endpoints"));

  /**
   * The query of a request.
   *
   * @throws BadRequestResponse when it makes no sense; the message says why
   */
  static ServiceQuery of(Context context) {
    QueryText.refuseUnknown(context, PARAMETERS);
    Optional<String> namespace = QueryText.of(context, "namespace");
    Optional<ServiceId> id = QueryText.of(context, "name").map(text -> ServiceId.parse(text, ""));
    Optional<String> ofName = id.map(ServiceId::namespace).filter(text -> !text.isEmpty());
    if (namespace.isPresent() && ofName.isPresent() && !namespace.equals(ofName)) {
      throw new BadRequestResponse(
          "the service \"%s\" is not of the namespace \"%s\"; name one namespace"
              .formatted(id.orElseThrow(), namespace.orElseThrow()));
    }
    return new ServiceQuery(
        namespace.or(() -> ofName),
        id.map(ServiceId::name),
        QueryText.of(context, "after").map(ServiceQuery::after),
        QueryText.limit(context, MOST).orElse(DEFAULT_LIMIT),
        QueryText.of(context, "endpoints").map(ServiceQuery::detail).orElse(Detail.ENDPOINTS));
  }

  /** Whether a service is asked for by its id. */
  boolean matches(ServiceId id) {
    return namespace.filter(wanted -> !wanted.equals(id.namespace())).isEmpty()
        && name.filter(wanted -> !wanted.equals(id.name())).isEmpty()
        && after.filter(last -> last.compareTo(id) >= 0).isEmpty();
  }

  /** No service before this one is asked for. */
  ServiceId start() {
    ServiceId first = new ServiceId(name.orElse(""), namespace.orElse(""));
    return after.filter(last -> last.compareTo(first) > 0).orElse(first);
  }

  /** The service as whoever asks calls it. */
  String wanted() {
    return name.orElse("") + namespace.map(text -> "." + text).orElse("");
  }

  private static ServiceId after(String text) {
    ServiceId id = ServiceId.parse(text, "");
    if (id.namespace().isEmpty()) {
      throw new BadRequestResponse(
          "after \"" + text + "\" is no name.namespace; write what \"next\" said");
    }
    return id;
  }

  private static Detail detail(String text) {
    return switch (text) {
      case "true" -> Detail.ENDPOINTS;
      case "false" -> Detail.COUNTS;
      default ->
          throw new BadRequestResponse("endpoints \"" + text + "\" is neither true nor false");
    };
  }
}
