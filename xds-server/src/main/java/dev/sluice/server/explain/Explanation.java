package dev.sluice.server.explain;

import dev.sluice.node.NodeGroup;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What would become of a request, step by step and with the reasons.
 *
 * @param call the request
 * @param proxy the id of who would take it
 * @param group what it is a proxy of
 * @param agreeing how many proxies of that group would do the same, this one included
 * @param others those that would not, with what they would do
 * @param outcome what becomes of it
 * @param status what the proxy answers by itself; empty where an instance answers
 * @param grpcStatus the same to a call of gRPC, whose answer is 200 all the same
 * @param summary the outcome in a sentence
 * @param listener where it comes in
 * @param host whose routes hold for it
 * @param route the route that is taken
 * @param looked the routes that were looked at before that, in order, and all where none is taken
 * @param target what the route does with it
 * @param settings what else the request would meet
 * @param differs where the proxy does not have what it is to have
 * @param newest what it would do with the newest, where that is something else
 * @param notes what else is to be known
 */
public record Explanation(
    Call call,
    String proxy,
    NodeGroup group,
    int agreeing,
    List<Other> others,
    Outcome outcome,
    OptionalInt status,
    OptionalInt grpcStatus,
    String summary,
    Optional<Step> listener,
    Optional<Step> host,
    Optional<Step> route,
    List<LookedAt> looked,
    Target target,
    List<Setting> settings,
    List<String> differs,
    Optional<String> newest,
    List<String> notes) {
  public Explanation {
    Objects.requireNonNull(call);
    Objects.requireNonNull(proxy);
    Objects.requireNonNull(group);
    Objects.requireNonNull(outcome);
    Objects.requireNonNull(status);
    Objects.requireNonNull(grpcStatus);
    Objects.requireNonNull(summary);
    Objects.requireNonNull(listener);
    Objects.requireNonNull(host);
    Objects.requireNonNull(route);
    Objects.requireNonNull(target);
    Objects.requireNonNull(newest);
    others = List.copyOf(others);
    looked = List.copyOf(looked);
    settings = List.copyOf(settings);
    differs = List.copyOf(differs);
    notes = List.copyOf(notes);
  }

  /** The same, told for several proxies. */
  Explanation among(int same, List<Other> differing) {
    return new Explanation(
        call,
        proxy,
        group,
        same,
        differing,
        outcome,
        status,
        grpcStatus,
        summary,
        listener,
        host,
        route,
        looked,
        target,
        settings,
        differs,
        newest,
        notes);
  }

  /** A proxy of the group that would do something else. */
  public record Other(String proxy, String summary) {}

  /**
   * A step of the way.
   *
   * @param name what was chosen
   * @param because why
   * @param from the documents that it comes from, with their places; the first is the nearest
   */
  public record Step(String name, List<String> because, List<String> from) {
    public Step {
      Objects.requireNonNull(name);
      because = List.copyOf(because);
      from = List.copyOf(from);
    }
  }

  /**
   * A route that was looked at.
   *
   * @param route its name
   * @param answer whether it is for the request
   * @param because what decided that
   * @param from its place in a document; empty where it is not known
   */
  public record LookedAt(
      String route, Holds.Answer answer, List<String> because, Optional<String> from) {
    public LookedAt {
      because = List.copyOf(because);
    }
  }

  /**
   * What a route does with the request.
   *
   * @param clusters that it goes to, with their shares
   * @param versions shares by version; empty where the service has none
   * @param path what an instance is asked for instead
   * @param rewrittenHost by which host
   * @param location where the caller is sent
   * @param body what the proxy answers
   */
  public record Target(
      List<ClusterShare> clusters,
      List<VersionShare> versions,
      Optional<String> path,
      Optional<String> rewrittenHost,
      Optional<String> location,
      Optional<String> body) {
    static final Target NONE =
        new Target(
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public Target {
      clusters = List.copyOf(clusters);
      versions = List.copyOf(versions);
    }
  }

  /**
   * A cluster among those that the route picks from.
   *
   * @param name the Cluster
   * @param weight its weight
   * @param percent its share of the requests
   * @param state what is the matter with it; empty where it can be called
   * @param instances its endpoints
   * @param from the documents that its endpoints come from
   */
  public record ClusterShare(
      String name,
      long weight,
      double percent,
      Optional<String> state,
      List<Instance> instances,
      List<String> from) {
    public ClusterShare {
      instances = List.copyOf(instances);
      from = List.copyOf(from);
    }
  }

  /** A version and its share of the requests; the rest goes to instances of none. */
  public record VersionShare(String version, double percent) {}

  /**
   * An endpoint, as the proxy was told of it.
   *
   * @param address with its port
   * @param health HEALTHY, DRAINING, UNHEALTHY or another of Envoy's
   * @param version empty where it is of none that is declared
   * @param locality region and zone; empty where not known
   * @param weight among the cluster's
   * @param priority 0 is called first
   * @param source who told of it; empty where it is not known any more
   */
  public record Instance(
      String address,
      String health,
      String version,
      String locality,
      long weight,
      int priority,
      String source) {}

  /**
   * Something that a request meets on its way.
   *
   * @param name as a policy calls it
   * @param value for people to read
   * @param of for which versions alone; empty for all
   * @param from where a document says it; empty for a default
   */
  public record Setting(String name, String value, String of, Optional<String> from) {}
}
