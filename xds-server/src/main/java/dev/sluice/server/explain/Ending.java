package dev.sluice.server.explain;

import dev.sluice.server.explain.Arrival.Client;
import dev.sluice.server.explain.Routing.Looked;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * How the way of a request ends.
 *
 * @param outcome what becomes of it
 * @param status what the proxy answers by itself; empty where an instance answers
 * @param grpcStatus the same to a call of gRPC, whose answer is 200 all the same
 * @param summary the same in a sentence
 */
record Ending(Outcome outcome, OptionalInt status, OptionalInt grpcStatus, String summary) {
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  static Ending of(Decision decision, Telling telling) {
    if (decision.entrance().arrival().isEmpty()) {
      return without(Outcome.NO_LISTENER, "nothing takes it: " + decision.entrance().because());
    }
    if (decision.problem().isPresent()) {
      return without(Outcome.CANNOT_TELL, "it cannot be told: " + decision.problem().get());
    }
    Optional<Routing> routing = decision.routing();
    if (routing.isEmpty()) {
      return without(
          Outcome.NO_ROUTES,
          "the proxy has not acknowledged the routes of its listener, so it takes no requests");
    }
    return doubtful(routing.get(), certain(routing.get(), decision, telling));
  }

  private static Ending doubtful(Routing routing, Ending otherwise) {
    List<Looked> doubtful = routing.doubtful();
    if (doubtful.isEmpty()) {
      return otherwise;
    }
    String routes =
        doubtful.stream()
            .map(
                looked ->
                    looked.route().getName() + " (" + String.join("; ", looked.because()) + ")")
            .collect(Collectors.joining(", "));
    return without(
        Outcome.CANNOT_TELL,
        "it cannot be told whether it takes %s; if not, %s".formatted(routes, otherwise.summary()));
  }

  private static Ending certain(Routing routing, Decision decision, Telling telling) {
    if (routing.host().isEmpty()) {
      String host = decision.seen().map(Seen::authority).orElse("");
      return own(Outcome.NO_HOST, NOT_FOUND, "no virtual host is for " + host, decision);
    }
    Optional<Route> route = routing.taken();
    if (route.isEmpty()) {
      return own(
          Outcome.NO_ROUTE,
          NOT_FOUND,
          "no route of " + routing.host().get().host().getName() + " matches",
          decision);
    }
    String by = " by route " + route.get().getName();
    return switch (decision.destination().orElse(null)) {
      case Destination.Forward to -> forwarded(to, by, telling, decision);
      case Destination.Redirect(int status, String location) ->
          answered(
              Outcome.REDIRECTED, status, ", to go to %s,%s".formatted(location, by), decision);
      case Destination.Answer(int status, _) ->
          answered(Outcome.ANSWERED, status, " by itself," + by, decision);
      case Destination.Failure(String because) ->
          own(Outcome.NO_ROUTE, UNAVAILABLE, because + "," + by, decision);
      case Destination.Unknown(String because) ->
          without(Outcome.CANNOT_TELL, "it cannot be told where it goes" + by + ": " + because);
      case null -> throw new IllegalStateException("a route without a destination");
    };
  }

  private static Ending forwarded(
      Destination.Forward to, String by, Telling telling, Decision decision) {
    Map<String, Callable> clusters = telling.clusters();
    List<String> picked =
        to.shares().stream()
            .filter(share -> share.weight() > 0)
            .map(Destination.Share::cluster)
            .toList();
    List<Callable> all = picked.stream().map(clusters::get).toList();
    if (all.stream().noneMatch(Callable::isThere)) {
      return own(
          Outcome.NO_CLUSTER,
          UNAVAILABLE,
          "the proxy has no cluster " + (picked.isEmpty() ? "for it" : names(picked)) + by,
          decision);
    }
    if (all.stream().allMatch(cluster -> cluster.problem().isPresent())) {
      return own(
          Outcome.NO_INSTANCE,
          UNAVAILABLE,
          "no instance of " + names(picked) + " can be called (" + reason(all) + ")" + by,
          decision);
    }
    return without(Outcome.FORWARDED, "it goes to " + names(picked) + by);
  }

  private static String reason(List<Callable> clusters) {
    return clusters.stream()
        .flatMap(cluster -> cluster.problem().stream())
        .distinct()
        .collect(Collectors.joining("; "));
  }

  private static String names(List<String> clusters) {
    return String.join(" or ", clusters);
  }

  private static Ending without(Outcome outcome, String summary) {
    return new Ending(outcome, OptionalInt.empty(), OptionalInt.empty(), summary);
  }

  /** What a proxy answers with a status, a program's calls fail with. */
  private static Ending own(Outcome outcome, int status, String because, Decision decision) {
    return client(decision) == Client.ENVOY
        ? answered(outcome, status, ": " + because, decision)
        : without(outcome, "the call fails as UNAVAILABLE: " + because);
  }

  private static Ending answered(Outcome outcome, int status, String rest, Decision decision) {
    if (decision.seen().filter(Seen::isGrpc).isEmpty()) {
      return new Ending(
          outcome,
          OptionalInt.of(status),
          OptionalInt.empty(),
          "the proxy answers " + status + rest);
    }
    int code = grpcStatus(status);
    return new Ending(
        outcome,
        OptionalInt.of(status),
        OptionalInt.of(code),
        "the proxy answers %d (as grpc-status %d, since it is a call of gRPC)%s"
            .formatted(status, code, rest));
  }

  /** As Envoy maps them (doc/http-grpc-status-mapping.md of gRPC). */
  private static int grpcStatus(int http) {
    return switch (http) {
      case 400 -> 13;
      case 401 -> 16;
      case 403 -> 7;
      case 404 -> 12;
      case 429, 502, 503, 504 -> 14;
      default -> 2;
    };
  }

  private static Client client(Decision decision) {
    return decision.seen().map(seen -> seen.arrival().client()).orElse(Client.ENVOY);
  }
}
