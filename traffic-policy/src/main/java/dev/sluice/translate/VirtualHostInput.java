package dev.sluice.translate;

import dev.sluice.policy.attach.RequestPolicy;
import dev.sluice.spec.Rewrite;
import dev.sluice.spec.Route;
import dev.sluice.spec.Tree;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that an {@code envoy.config.route.v3.VirtualHost} is made from.
 *
 * @param name {@code name.namespace|port}, unique within its RouteConfiguration
 * @param domains the hosts it answers to, sorted, unique, lower-cased
 * @param routes in order; the last one takes everything
 * @param requests how requests are treated on their way where no route says otherwise
 * @param client who is sent it
 * @param entrance whose calls come in by it
 */
public record VirtualHostInput(
    String name,
    List<String> domains,
    List<RouteInput> routes,
    RequestPolicy requests,
    ClientKind client,
    Entrance entrance) {
  public VirtualHostInput {
    Objects.requireNonNull(name);
    domains = domains.stream().sorted().distinct().toList();
    routes = List.copyOf(routes);
    Objects.requireNonNull(requests);
    Objects.requireNonNull(client);
    Objects.requireNonNull(entrance);
  }

  /** Whether a service counts its requests: the filter that asks it is an Envoy's, at gateways. */
  boolean isCounted() {
    return entrance == Entrance.GATEWAY && client == ClientKind.ENVOY;
  }

  /** Whose calls come in by a virtual host. */
  public enum Entrance {
    /** Those of applications in the mesh. */
    MESH,
    /** Those from outside, at a gateway. */
    GATEWAY
  }

  /**
   * Requests and what becomes of them.
   *
   * @param name {@code Route.name}, such as {@code orders.shop/testers}: what access logs tell
   * @param match any of these; empty for every request
   * @param action what becomes of them
   * @param requests how they are treated on their way
   * @param patches what is laid over each Route, in order
   */
  public record RouteInput(
      String name,
      List<Route.Match> match,
      ActionInput action,
      RequestPolicy requests,
      List<Tree> patches) {
    public RouteInput {
      Objects.requireNonNull(name);
      match = List.copyOf(match);
      Objects.requireNonNull(action);
      Objects.requireNonNull(requests);
      patches = List.copyOf(patches);
    }

    RouteInput withAction(ActionInput other) {
      return new RouteInput(name, match, other, requests, patches);
    }
  }

  /** What becomes of requests. */
  public sealed interface ActionInput {
    /**
     * They go to Clusters.
     *
     * @param clusters shares by name of the Cluster, 0 included, with a positive sum
     * @param rewrite what is asked for instead
     * @param mirror who gets copies
     */
    record Forward(
        SortedMap<String, Long> clusters, Optional<Rewrite> rewrite, Optional<MirrorInput> mirror)
        implements ActionInput {
      public Forward {
        clusters = Collections.unmodifiableSortedMap(new TreeMap<>(clusters));
        Objects.requireNonNull(rewrite);
        Objects.requireNonNull(mirror);
      }
    }

    /**
     * The proxy answers by itself.
     *
     * @param status 200 to 599
     * @param body at most 4096 bytes; empty for none
     */
    record Respond(int status, String body) implements ActionInput {
      public Respond {
        Objects.requireNonNull(body);
      }
    }

    /** The caller is told to go elsewhere. */
    record Redirect(dev.sluice.spec.Redirect to) implements ActionInput {
      public Redirect {
        Objects.requireNonNull(to);
      }
    }
  }
}
