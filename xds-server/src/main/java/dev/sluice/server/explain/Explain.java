package dev.sluice.server.explain;

import dev.sluice.node.NodeGroup;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.server.explain.Explanation.Other;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.ResourceVersions;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.status.ProxyStatus;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Explains what would become of requests. Any thread may call it. */
public final class Explain {
  /** Filters of which it is told here what they do, or that do nothing to where requests go. */
  private static final Set<String> KNOWN =
      Set.of(
          "envoy.filters.http.router",
          "envoy.filters.http.local_ratelimit",
          "envoy.filters.http.ratelimit",
          "envoy.filters.http.fault",
          "envoy.filters.http.buffer");

  private static final String AUTHZ = "envoy.filters.http.ext_authz";

  private final ExplainFacts facts;

  /** Explanations of what {@code facts} says when they are asked for. */
  public Explain(ExplainFacts facts) {
    this.facts = facts;
  }

  /**
   * What would become of a request.
   *
   * @param call the request
   * @param from a proxy's id, or a service whose proxies are meant; empty where all that are
   *     connected are of one kind
   * @throws UnusableRequestException when nobody is meant, or it is not clear who
   */
  public Explanation of(Call call, Optional<String> from) {
    List<ProxyStatus> proxies = Callers.of(facts.proxies().get(), from);
    Map<State, Explanation> told = new HashMap<>();
    Explanation first = told(call, proxies.getFirst(), told);
    int agreeing = 0;
    List<Other> others = new ArrayList<>();
    for (ProxyStatus proxy : proxies) {
      Explanation its = told(call, proxy, told);
      if (its.summary().equals(first.summary()) && its.target().equals(first.target())) {
        agreeing++;
      } else {
        others.add(new Other(proxy.id(), its.summary()));
      }
    }
    return first.among(agreeing, others);
  }

  /** What decides the answer: proxies that have the same give the same. */
  private record State(
      NodeGroup group,
      String software,
      SortedMap<String, SortedMap<String, ResourceVersions>> resources) {
    static State of(ProxyStatus proxy) {
      SortedMap<String, SortedMap<String, ResourceVersions>> resources = new TreeMap<>();
      proxy.types().forEach(type -> resources.put(type.type(), type.resources()));
      return new State(proxy.group(), proxy.software(), resources);
    }
  }

  private Explanation told(Call call, ProxyStatus proxy, Map<State, Explanation> told) {
    State state = State.of(proxy);
    Explanation known = told.get(state);
    if (known == null) {
      known = explained(call, proxy);
      told.put(state, known);
    }
    return known;
  }

  private Explanation explained(Call call, ProxyStatus proxy) {
    PolicyIndex index = facts.index().get();
    Snapshot published = facts.published().apply(proxy.group()).orElse(proxy.served());
    Acknowledged held = new Acknowledged(proxy, published, facts.earlier().apply(proxy.group()));
    Decision decision = decided(held, proxy, call);
    Telling telling = new Telling(decision, held, index, facts.documents().get());
    Ending ending = Ending.of(decision, telling);
    Held newest = new Served(published);
    List<String> differs = differences(decision, telling, held, newest, call, proxy);
    return new Explanation(
        call,
        proxy.id(),
        proxy.group(),
        1,
        List.of(),
        ending.outcome(),
        ending.status(),
        ending.grpcStatus(),
        ending.summary(),
        telling.listener(),
        telling.host(),
        telling.taken(),
        telling.looked(),
        telling.target(),
        telling.settings(),
        differs,
        differs.isEmpty() ? Optional.empty() : newest(call, proxy, newest, telling, ending),
        notes(decision, telling, ending, proxy, index));
  }

  private static Decision decided(Held held, ProxyStatus proxy, Call call) {
    return Decision.of(held, proxy.group().role(), call, Repeats.of(proxy.software()));
  }

  private Optional<String> newest(
      Call call, ProxyStatus proxy, Held newest, Telling now, Ending ending) {
    Decision decision = decided(newest, proxy, call);
    Telling telling = new Telling(decision, newest, facts.index().get(), facts.documents().get());
    Ending with = Ending.of(decision, telling);
    boolean same = with.summary().equals(ending.summary()) && telling.target().equals(now.target());
    return same ? Optional.empty() : Optional.of(with.summary());
  }

  private static List<String> differences(
      Decision decision,
      Telling telling,
      Acknowledged held,
      Held published,
      Call call,
      ProxyStatus proxy) {
    List<String> differences = new ArrayList<>();
    Decision newest = decided(published, proxy, call);
    Stream.concat(decision.entrance().listener().stream(), newest.entrance().listener().stream())
        .map(Resource::name)
        .distinct()
        .forEach(name -> differences.addAll(held.differences(ResourceType.LISTENER, name)));
    Stream.concat(decision.routes().stream(), newest.routes().stream())
        .map(Resource::name)
        .distinct()
        .forEach(name -> differences.addAll(held.differences(ResourceType.ROUTE, name)));
    for (String cluster : telling.clusters().keySet()) {
      differences.addAll(held.differences(ResourceType.CLUSTER, cluster));
      published
          .resource(ResourceType.CLUSTER, cluster)
          .flatMap(Resource::assignmentName)
          .ifPresent(name -> differences.addAll(held.differences(ResourceType.ENDPOINT, name)));
    }
    return differences;
  }

  private static List<String> notes(
      Decision decision, Telling telling, Ending ending, ProxyStatus proxy, PolicyIndex index) {
    List<String> notes = new ArrayList<>();
    decision.seen().ifPresent(seen -> arriving(seen, notes));
    if (ending.outcome() == Outcome.NO_HOST) {
      String host = decision.seen().map(seen -> Hosts.withoutPort(seen.authority())).orElse("");
      decision
          .routes()
          .map(routes -> (RouteConfiguration) routes.message())
          .ifPresent(routes -> notes.addAll(Hints.like(host, routes)));
      notes.addAll(Hints.host(host, proxy.group(), index));
    }
    if (ending.outcome() == Outcome.FORWARDED) {
      long total = telling.shares().stream().mapToLong(Destination.Share::weight).sum();
      for (Destination.Share share : telling.shares()) {
        Optional.ofNullable(telling.clusters().get(share.cluster()))
            .filter(_ -> share.weight() > 0)
            .ifPresent(cluster -> shared(share, total, cluster, notes));
      }
    }
    if (telling.clusters().values().stream().anyMatch(Callable::isChecked)) {
      notes.add("the proxy checks instances by itself; what it found is known to it alone");
    }
    return notes;
  }

  private static void shared(
      Destination.Share share, long total, Callable cluster, List<String> notes) {
    cluster
        .problem()
        .ifPresent(
            problem ->
                notes.add(
                    "%s of the requests are answered 503: %s (%s)"
                        .formatted(
                            Percentage.text(share.weight(), total), problem, share.cluster())));
    cluster.warning().ifPresent(warning -> notes.add(share.cluster() + ": " + warning));
  }

  private static void arriving(Seen seen, List<String> notes) {
    if (!seen.path().equals(seen.call().path())) {
      notes.add("the path is routed as " + seen.path() + " (normalized)");
    }
    if (!seen.authority().equals(seen.call().authority())) {
      notes.add("the host is routed as " + seen.authority());
    }
    for (HttpFilter filter : seen.arrival().manager().getHttpFiltersList()) {
      if (filter.getName().equals(AUTHZ)) {
        notes.add("the gateway's authorization service is asked first, unless the route says not");
      } else if (!KNOWN.contains(filter.getName()) && !filter.getDisabled()) {
        notes.add(
            "the listener's filter "
                + filter.getName()
                + " comes first; what it does is known to Envoy alone");
      }
    }
  }
}
