package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Content that is published and not served, because a proxy refused it: who has not got it keeps
 * what was good before. What is edited is served again.
 *
 * <p>Its feed's lock guards it.
 */
final class Quarantine {
  private final Map<Suspect, Case> suspects = new LinkedHashMap<>();

  /**
   * Why content is in here.
   *
   * @param proxy the id of the node that refused it
   * @param message its words
   * @param at when
   */
  record Refusal(String proxy, String message, Instant at) {}

  /** Why content is in here, and what was served before it was. */
  private record Case(Refusal refusal, Snapshot before) {}

  /**
   * What is served, and what of the publication is not.
   *
   * @param withdrawn by type and name the resources in whose place others, or none, are served
   */
  record Served(Snapshot snapshot, Map<ResourceType, Map<String, Resource>> withdrawn) {}

  boolean isEmpty() {
    return suspects.isEmpty();
  }

  /** Takes in a suspect; says whether it is a new one. */
  boolean add(Suspect suspect, Refusal refusal, Snapshot before) {
    return suspects.putIfAbsent(suspect, new Case(refusal, before)) == null;
  }

  boolean release(Suspect suspect) {
    return suspects.remove(suspect) != null;
  }

  boolean contains(Suspect suspect) {
    return suspects.containsKey(suspect);
  }

  Map<Suspect, Refusal> suspects() {
    Map<Suspect, Refusal> refusals = new LinkedHashMap<>();
    suspects.forEach((suspect, entry) -> refusals.put(suspect, entry.refusal()));
    return refusals;
  }

  /** Forgets what {@code published} does not have any more: it was edited. */
  void lift(Snapshot published) {
    suspects
        .keySet()
        .removeIf(
            suspect ->
                published.resource(suspect.type(), suspect.name()).filter(suspect::isIn).isEmpty());
  }

  /**
   * What is served of {@code published}.
   *
   * @param tried what is served as it is published
   */
  Served serve(Snapshot published, Optional<Suspect> tried) {
    Snapshot snapshot = published;
    Map<ResourceType, Map<String, Resource>> withdrawn = new EnumMap<>(ResourceType.class);
    List<Suspect> left = new ArrayList<>(suspects.keySet());
    tried.ifPresent(left::remove);
    for (Suspect suspect : left) {
      Optional<Resource> now = snapshot.resource(suspect.type(), suspect.name());
      if (now.isEmpty()) {
        continue;
      }
      Optional<Resource> instead = suspect.without(now.get());
      snapshot =
          instead.isPresent()
              ? snapshot.with(instead.get())
              : snapshot.without(suspect.type(), suspect.name());
      withdraw(published, suspect.type(), suspect.name(), withdrawn);
    }
    for (Suspect suspect : left) {
      if (isMissingCluster(suspect)) {
        snapshot = withoutRoutesTo(suspect, published, snapshot, withdrawn);
      }
    }
    return new Served(snapshot, withdrawn);
  }

  private static void withdraw(
      Snapshot published,
      ResourceType type,
      String name,
      Map<ResourceType, Map<String, Resource>> withdrawn) {
    published
        .resource(type, name)
        .ifPresent(
            resource -> withdrawn.computeIfAbsent(type, t -> new HashMap<>()).put(name, resource));
  }

  /** A new cluster is not served at all, so neither is what leads to it. */
  private static boolean isMissingCluster(Suspect suspect) {
    return suspect.type() == ResourceType.CLUSTER
        && suspect instanceof Suspect.Whole whole
        && whole.instead().isEmpty();
  }

  private Snapshot withoutRoutesTo(
      Suspect cluster,
      Snapshot published,
      Snapshot served,
      Map<ResourceType, Map<String, Resource>> withdrawn) {
    Snapshot before = Objects.requireNonNull(suspects.get(cluster)).before();
    Snapshot snapshot = served;
    for (Resource routes : served.resources(ResourceType.ROUTE).values()) {
      Optional<Resource> instead = Routes.without(routes, cluster.name(), before);
      if (instead.isPresent()) {
        snapshot = snapshot.with(instead.get());
        withdraw(published, ResourceType.ROUTE, routes.name(), withdrawn);
      }
    }
    return snapshot;
  }
}
