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
import java.util.Optional;

/**
 * Content that is published and not served, because a proxy refused it: who has not got it keeps
 * what was good before. What is edited is served again.
 *
 * <p>Its feed's lock guards it.
 */
final class Quarantine {
  private final Map<Suspect, Refusal> suspects = new LinkedHashMap<>();

  /**
   * Why content is in here.
   *
   * @param proxy the id of the node that refused it
   * @param message its words
   * @param at when
   */
  record Refusal(String proxy, String message, Instant at) {}

  /**
   * What is served, and what of the publication is not.
   *
   * @param withdrawn by type and name the resources in whose place others, or none, are served
   */
  record Served(Snapshot snapshot, Map<ResourceType, Map<String, Resource>> withdrawn) {}

  boolean isEmpty() {
    return suspects.isEmpty();
  }

  boolean add(Suspect suspect, Refusal refusal) {
    return suspects.putIfAbsent(suspect, refusal) == null;
  }

  boolean release(Suspect suspect) {
    return suspects.remove(suspect) != null;
  }

  Map<Suspect, Refusal> suspects() {
    return Map.copyOf(suspects);
  }

  /** Forgets what {@code published} does not have any more: it was edited. */
  void lift(Snapshot published) {
    suspects
        .keySet()
        .removeIf(
            suspect ->
                published.resource(suspect.type(), suspect.name()).filter(suspect::isIn).isEmpty());
  }

  /** What is served of {@code published}, with {@code tried} as it is published. */
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
      published
          .resource(suspect.type(), suspect.name())
          .ifPresent(
              resource ->
                  withdrawn
                      .computeIfAbsent(suspect.type(), type -> new HashMap<>())
                      .put(suspect.name(), resource));
    }
    return new Served(snapshot, withdrawn);
  }
}
