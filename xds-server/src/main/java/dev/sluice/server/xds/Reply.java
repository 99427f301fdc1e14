package dev.sluice.server.xds;

import dev.sluice.server.snapshot.ResourceType;
import java.util.List;

/** What a request says about the response before it. */
sealed interface Reply {
  /** Nothing: it is the first of its type, or changes the subscription. */
  record None() implements Reply {}

  /**
   * It answers a response that is not the newest. In the state of the world it counts for nothing.
   */
  record Stale(ResourceType type, String nonce) implements Reply {}

  /**
   * The client uses the response.
   *
   * @param changes what the response changed
   * @param tookNanos since it was sent
   */
  record Ack(ResourceType type, String version, Changes changes, long tookNanos) implements Reply {}

  /**
   * The client refused the response.
   *
   * @param changes what the response would have changed
   * @param names the resources that the message names, or all that the response changed
   * @param tookNanos since it was sent
   */
  record Nack(
      ResourceType type,
      String version,
      Changes changes,
      List<String> names,
      String message,
      long tookNanos)
      implements Reply {
    public Nack {
      names = List.copyOf(names);
    }

    /** What the refused resources come from, with their places. */
    List<String> documents() {
      return changes.put().stream()
          .filter(resource -> names.contains(resource.name()))
          .flatMap(resource -> resource.provenance().documents().stream())
          .distinct()
          .toList();
    }
  }
}
