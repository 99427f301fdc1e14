package dev.sluice.server.pipeline;

import dev.sluice.translate.ClusterInput;
import dev.sluice.translate.GroupResources;
import dev.sluice.translate.ListenerInput;
import dev.sluice.translate.ListenerInput.HttpListener;
import dev.sluice.translate.ListenerInput.Side;
import dev.sluice.translate.PortResources;
import dev.sluice.translate.SecretUse;
import dev.sluice.translate.TlsChain;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Last good wins while a secret that is newly named has not come: what worked without it goes on.
 * Where nothing stood before, the new one is published without its secret, and is closed until it
 * comes.
 */
final class AwaitedSecrets {
  private final Predicate<SecretUse> known;

  /**
   * @param known whether a source tells of it
   */
  AwaitedSecrets(Predicate<SecretUse> known) {
    this.known = known;
  }

  /** {@code now}, with the former certificate in each chain whose own has not come. */
  GroupResources listeners(GroupResources now, GroupResources before) {
    return now.withListeners(
        now.listeners().stream().map(input -> listener(input, before.listeners())).toList());
  }

  private ListenerInput listener(ListenerInput input, List<ListenerInput> before) {
    if (!(input instanceof HttpListener http)
        || !(http.side() instanceof Side.Edge(var settings, List<TlsChain> chains))) {
      return input;
    }
    List<TlsChain> former =
        before.stream()
            .filter(other -> other.name().equals(http.name()))
            .flatMap(AwaitedSecrets::chains)
            .toList();
    List<TlsChain> usable = chains.stream().map(chain -> chain(chain, former)).toList();
    return http.on(new Side.Edge(settings, usable));
  }

  private static Stream<TlsChain> chains(ListenerInput input) {
    return input instanceof HttpListener http && http.side() instanceof Side.Edge edge
        ? edge.chains().stream()
        : Stream.empty();
  }

  private TlsChain chain(TlsChain chain, List<TlsChain> before) {
    if (known.test(chain.certificate())) {
      return chain;
    }
    return before.stream()
        .filter(other -> other.listener().equals(chain.listener()))
        .filter(other -> known.test(other.certificate()))
        .findFirst()
        .map(other -> chain.showing(other.certificate()))
        .orElse(chain);
  }

  /** {@code now}, with the former Cluster in place of each whose secrets have not come. */
  List<PortResources> clusters(List<PortResources> now, List<PortResources> before) {
    if (now.stream().allMatch(port -> port.clusters().stream().allMatch(this::isKnown))) {
      return now;
    }
    List<ClusterInput> former =
        before.stream().map(PortResources::clusters).flatMap(Collection::stream).toList();
    return now.stream()
        .map(
            port ->
                port.withClusters(
                    port.clusters().stream().map(cluster -> cluster(cluster, former)).toList()))
        .toList();
  }

  private ClusterInput cluster(ClusterInput cluster, List<ClusterInput> before) {
    if (isKnown(cluster)) {
      return cluster;
    }
    return before.stream()
        .filter(other -> other.name().equals(cluster.name()) && isKnown(other))
        .findFirst()
        .orElse(cluster);
  }

  private boolean isKnown(ClusterInput cluster) {
    return cluster.secrets().allMatch(known);
  }
}
