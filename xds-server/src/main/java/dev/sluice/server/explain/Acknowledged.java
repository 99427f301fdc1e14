package dev.sluice.server.explain;

import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.ResourceVersions;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.status.ProxyStatuses;
import dev.sluice.server.status.TypeStatus;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a proxy uses: of each resource the version that it acknowledged last. The content of one
 * that is not served any more is looked for in what was served before.
 */
final class Acknowledged implements Held {
  private final ProxyStatus proxy;
  private final Snapshot published;
  private final List<Snapshot> earlier;

  /**
   * What {@code proxy} uses.
   *
   * @param published the newest that there is for it, whether it is served already or not
   * @param earlier what was served before, the newest first
   */
  Acknowledged(ProxyStatus proxy, Snapshot published, List<Snapshot> earlier) {
    this.proxy = proxy;
    this.published = published;
    this.earlier = List.copyOf(earlier);
  }

  @Override
  public Optional<Resource> resource(ResourceType type, String name) {
    ResourceVersions versions = versions(type).get(name);
    if (versions == null || versions.acknowledged().isEmpty()) {
      return Optional.empty();
    }
    return of(type, name, versions.acknowledged())
        // What cannot be had any more: told by differences(), and answered for by the newest.
        .or(() -> proxy.served().resource(type, name));
  }

  @Override
  public SortedSet<String> names(ResourceType type) {
    SortedSet<String> names = new TreeSet<>();
    versions(type)
        .forEach(
            (name, versions) -> {
              if (!versions.acknowledged().isEmpty()) {
                names.add(name);
              }
            });
    return names;
  }

  private Optional<Resource> of(ResourceType type, String name, String version) {
    Optional<Resource> served = proxy.served().resource(type, name);
    if (served.filter(one -> is(one, version)).isPresent()) {
      return served;
    }
    for (Snapshot snapshot : earlier) {
      Optional<Resource> then = snapshot.resource(type, name);
      if (then.filter(one -> is(one, version)).isPresent()) {
        return then;
      }
    }
    return empty(type, name).filter(one -> is(one, version));
  }

  /** What a cluster without an assignment is sent. */
  private static Optional<Resource> empty(ResourceType type, String name) {
    return type == ResourceType.ENDPOINT
        ? Optional.of(
            Resource.of(
                type,
                name,
                ClusterLoadAssignment.newBuilder().setClusterName(name).build(),
                Provenance.NONE))
        : Optional.empty();
  }

  private SortedMap<String, ResourceVersions> versions(ResourceType type) {
    return status(type).map(TypeStatus::resources).orElseGet(TreeMap::new);
  }

  private Optional<TypeStatus> status(ResourceType type) {
    String name = ProxyStatuses.name(type);
    return proxy.types().stream().filter(status -> status.type().equals(name)).findFirst();
  }

  /** In what a resource that decides something is not the newest, and why. */
  List<String> differences(ResourceType type, String name) {
    String what = ProxyStatuses.name(type) + " " + name + ": ";
    Optional<ResourceVersions> versions = Optional.ofNullable(versions(type).get(name));
    String used = versions.map(ResourceVersions::acknowledged).orElse("");
    Optional<Resource> newest = published.resource(type, name);
    List<String> differences = new ArrayList<>();
    if (used.isEmpty()) {
      newest.ifPresent(
          _ ->
              differences.add(
                  what
                      + versions
                          .map(one -> "it has not acknowledged it (sent " + one.sent() + ")")
                          .orElse("it was not sent it")
                      + reasons(type, name)));
      return differences;
    }
    boolean same = newest.or(() -> empty(type, name)).filter(one -> is(one, used)).isPresent();
    if (!same) {
      String told = newest.map(one -> "the newest is " + one.version()).orElse("it is to go");
      differences.add(what + "it uses " + used + ", " + told + reasons(type, name));
    }
    if (of(type, name, used).isEmpty()) {
      differences.add(
          what
              + "it uses "
              + used
              + ", which this server does not have any more; told by what it is to have instead");
    }
    return differences;
  }

  private String reasons(ResourceType type, String name) {
    boolean kept = !published.resource(type, name).equals(proxy.served().resource(type, name));
    return refusal(type, name)
        + waiting(type)
        + (kept ? ", which is kept back ('sluice status' tells why)" : "");
  }

  private static boolean is(Resource resource, String version) {
    return resource.version().equals(version);
  }

  private String refusal(ResourceType type, String name) {
    return status(type)
        .flatMap(TypeStatus::refusal)
        .filter(refusal -> refusal.resources().contains(name))
        .map(refusal -> ", which it refused: " + refusal.message())
        .orElse("");
  }

  private String waiting(ResourceType type) {
    return status(type)
        .map(TypeStatus::waitsFor)
        .filter(why -> !why.isEmpty())
        .map(why -> " (it waits for " + why + ")")
        .orElse("");
  }
}
