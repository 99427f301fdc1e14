package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Content that is published and not served, because a proxy refused it: who has not got it keeps
 * what was good before. What is edited is served again.
 *
 * <p>Its feed's lock guards it.
 */
final class Quarantine {
  private final Map<Suspect, Case> suspects = new LinkedHashMap<>();

  /** What a proxy accepted by itself, after it had been refused along with something else. */
  private final Set<Suspect> acquitted = new HashSet<>();

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

  /**
   * Takes in what may be wrong in one response. What was acquitted is not suspected again because
   * of what it comes with, unless all of that was acquitted too.
   *
   * @param possible with what was served before
   * @param served whether something is served or published; what is not needs no quarantine
   * @return those that are new
   */
  List<Suspect> add(Map<Suspect, Snapshot> possible, Predicate<Suspect> served, Refusal refusal) {
    boolean allAcquitted = acquitted.containsAll(possible.keySet());
    List<Suspect> added = new ArrayList<>();
    possible.forEach(
        (suspect, before) -> {
          boolean counts = served.test(suspect) && (allAcquitted || !acquitted.contains(suspect));
          if (counts && suspects.putIfAbsent(suspect, new Case(refusal, before)) == null) {
            added.add(suspect);
          }
        });
    return added;
  }

  /** {@code suspect} is served again. */
  void acquit(Suspect suspect) {
    if (suspects.remove(suspect) != null) {
      acquitted.add(suspect);
    }
  }

  boolean contains(Suspect suspect) {
    return suspects.containsKey(suspect);
  }

  Map<Suspect, Refusal> suspects() {
    Map<Suspect, Refusal> refusals = new LinkedHashMap<>();
    suspects.forEach((suspect, entry) -> refusals.put(suspect, entry.refusal()));
    return refusals;
  }

  /** Whether {@code after} does not have any more what {@code before} had of what is in here. */
  boolean isMended(Snapshot before, Snapshot after) {
    return suspects.keySet().stream()
        .anyMatch(suspect -> suspect.isIn(before) && !suspect.isIn(after));
  }

  /** Forgets what neither {@code published} nor {@code served} has any more: it was edited. */
  void lift(Snapshot published, Snapshot served) {
    Predicate<Suspect> edited = suspect -> !suspect.isIn(published) && !suspect.isIn(served);
    suspects.keySet().removeIf(edited);
    acquitted.removeIf(edited);
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
      if (now.isEmpty() || !suspect.isIn(published)) {
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
      if (isMissingCluster(suspect) && suspect.isIn(published)) {
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
