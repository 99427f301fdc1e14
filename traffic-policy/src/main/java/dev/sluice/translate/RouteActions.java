package dev.sluice.translate;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import dev.sluice.patch.Patchable;
import dev.sluice.policy.attach.RequestPolicy;
import dev.sluice.spec.Percent;
import dev.sluice.spec.Redirect.Scheme;
import dev.sluice.spec.Rewrite;
import dev.sluice.spec.Upgrade;
import dev.sluice.translate.VirtualHostInput.ActionInput;
import dev.sluice.translate.VirtualHostInput.RouteInput;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.NonForwardingAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction.RedirectResponseCode;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.RequestMirrorPolicy;
import io.envoyproxy.envoy.config.route.v3.RouteAction.UpgradeConfig;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.Tracing;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What becomes of requests ({@code envoy.config.route.v3.Route.action}). */
final class RouteActions {
  private RouteActions() {}

  /** The routes that requests of one match take: several where a path's change depends on it. */
  static List<Route> routes(RouteInput input, RouteMatch match, VirtualHostInput host) {
    SortedMap<String, Any> filters = FilterConfigs.ofRoute(input.name(), input.requests(), host);
    List<Route> routes =
        switch (host.client()) {
          case ENVOY -> ofEnvoy(input, match);
          case GRPC -> List.of(ofGrpc(input, match));
        };
    return routes.stream()
        .map(route -> traced(route, input.requests().traced(), host.client()))
        .map(route -> limited(route, input.requests(), host))
        .map(route -> route.toBuilder().putAllTypedPerFilterConfig(filters).build())
        .map(route -> Patchable.apply(route, input.patches()))
        .toList();
  }

  private static Route traced(Route route, Optional<Percent> share, ClientKind client) {
    return client == ClientKind.ENVOY && share.isPresent()
        ? route.toBuilder()
            .setTracing(Tracing.newBuilder().setRandomSampling(Protos.percentage(share.get())))
            .build()
        : route;
  }

  /** With its own limits, which Envoy takes in the place of the virtual host's. */
  private static Route limited(Route route, RequestPolicy requests, VirtualHostInput host) {
    if (!host.isCounted()
        || !route.hasRoute()
        || requests.globalLimits().equals(host.requests().globalLimits())) {
      return route;
    }
    Route.Builder limited = route.toBuilder();
    limited.getRouteBuilder().addAllRateLimits(GlobalLimits.of(requests.globalLimits()));
    return limited.build();
  }

  private static List<Route> ofEnvoy(RouteInput input, RouteMatch match) {
    return switch (input.action()) {
      case ActionInput.Forward to -> {
        RouteAction.Builder action = forward(to.clusters(), input, ClientKind.ENVOY);
        to.mirror().ifPresent(mirror -> mirror(action, mirror));
        RouteAction common = action.build();
        yield PathChange.of(match, to.rewrite()).stream()
            .map(
                change ->
                    route(input, change.match()).setRoute(changed(common, change, to.rewrite())))
            .map(Route.Builder::build)
            .toList();
      }
      case ActionInput.Respond(int status, String body) ->
          List.of(route(input, match).setDirectResponse(answer(status, body)).build());
      case ActionInput.Redirect(dev.sluice.spec.Redirect to) ->
          PathChange.of(match, to).stream()
              .map(change -> route(input, change.match()).setRedirect(redirect(to, change)))
              .map(Route.Builder::build)
              .toList();
    };
  }

  /**
   * gRPC knows no answers of a proxy and no redirects: an action of a kind that it does not know
   * would make it refuse all routes, while calls that take this one fail as UNAVAILABLE.
   */
  private static Route ofGrpc(RouteInput input, RouteMatch match) {
    Route.Builder route = route(input, match);
    return switch (input.action()) {
      case ActionInput.Forward forward ->
          route.setRoute(forward(forward.clusters(), input, ClientKind.GRPC)).build();
      case ActionInput.Respond _, ActionInput.Redirect _ ->
          route.setNonForwardingAction(NonForwardingAction.getDefaultInstance()).build();
    };
  }

  private static Route.Builder route(RouteInput input, RouteMatch match) {
    return Route.newBuilder().setName(input.name()).setMatch(match);
  }

  private static RouteAction.Builder forward(
      SortedMap<String, Long> clusters, RouteInput input, ClientKind client) {
    RouteAction.Builder action = RouteAction.newBuilder();
    if (clusters.size() == 1) {
      action.setCluster(clusters.firstKey());
    } else {
      action.setWeightedClusters(weighted(clusters));
    }
    Timeouts.apply(action, input.requests().timeouts(), client);
    Retries.apply(action, input.requests().retry(), client);
    input.requests().upgrades().forEach(upgrade -> action.addUpgradeConfigs(upgraded(upgrade)));
    action.addAllHashPolicy(HashPolicies.of(input.requests().hash(), client));
    return action;
  }

  private static UpgradeConfig upgraded(Upgrade upgrade) {
    return switch (upgrade) {
      case WEBSOCKET ->
          UpgradeConfig.newBuilder()
              .setUpgradeType("websocket")
              .setEnabled(BoolValue.of(true))
              .build();
    };
  }

  /** A fraction is set also where it is all: Envoy takes one that is missing for 100 %. */
  private static void mirror(RouteAction.Builder action, MirrorInput mirror) {
    switch (mirror) {
      case MirrorInput.ToCluster(String cluster, Percent percent) ->
          action.addRequestMirrorPolicies(
              RequestMirrorPolicy.newBuilder()
                  .setCluster(cluster)
                  .setRuntimeFraction(Protos.fraction(percent)));
      // To nobody that these proxies know.
      case MirrorInput.ToService _ -> {}
    }
  }

  /** A weight is set also where it is 0: Envoy refuses one that is missing. */
  private static WeightedCluster weighted(SortedMap<String, Long> clusters) {
    WeightedCluster.Builder weighted = WeightedCluster.newBuilder();
    clusters.forEach(
        (name, weight) ->
            weighted.addClusters(
                WeightedCluster.ClusterWeight.newBuilder()
                    .setName(name)
                    .setWeight(Protos.uint32(weight))));
    return weighted.build();
  }

  private static RouteAction changed(
      RouteAction action, PathChange change, Optional<Rewrite> rewrite) {
    RouteAction.Builder changed = action.toBuilder();
    change.prefix().ifPresent(changed::setPrefixRewrite);
    change.regex().ifPresent(changed::setRegexRewrite);
    rewrite.map(Rewrite::host).ifPresent(changed::setHostRewriteLiteral);
    return changed.build();
  }

  private static DirectResponseAction answer(int status, String body) {
    DirectResponseAction.Builder answer = DirectResponseAction.newBuilder().setStatus(status);
    if (!body.isEmpty()) {
      answer.setBody(DataSource.newBuilder().setInlineString(body));
    }
    return answer.build();
  }

  private static RedirectAction redirect(dev.sluice.spec.Redirect to, PathChange change) {
    RedirectAction.Builder redirect =
        RedirectAction.newBuilder()
            .setResponseCode(code(to.code()))
            .setStripQuery(Boolean.TRUE.equals(to.stripQuery()));
    if (to.scheme() == Scheme.HTTPS) {
      redirect.setHttpsRedirect(true);
    } else if (to.scheme() == Scheme.HTTP) {
      redirect.setSchemeRedirect("http");
    }
    Optional.ofNullable(to.host()).ifPresent(redirect::setHostRedirect);
    Optional.ofNullable(to.port()).ifPresent(redirect::setPortRedirect);
    Optional.ofNullable(to.path()).ifPresent(redirect::setPathRedirect);
    change.prefix().ifPresent(redirect::setPrefixRewrite);
    change.regex().ifPresent(redirect::setRegexRewrite);
    return redirect.build();
  }

  private static RedirectResponseCode code(@Nullable Integer code) {
    return switch (code) {
      case 302 -> RedirectResponseCode.FOUND;
      case 303 -> RedirectResponseCode.SEE_OTHER;
      case 307 -> RedirectResponseCode.TEMPORARY_REDIRECT;
      case 308 -> RedirectResponseCode.PERMANENT_REDIRECT;
      case null, default -> RedirectResponseCode.MOVED_PERMANENTLY;
    };
  }
}
