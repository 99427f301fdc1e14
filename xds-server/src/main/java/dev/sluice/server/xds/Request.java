package dev.sluice.server.xds;

import dev.sluice.server.snapshot.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a client sends on a stream, without the node. */
sealed interface Request {
  /** What it is about. */
  ResourceType type();

  /** The nonce of the response that it answers, or empty. */
  String nonce();

  /** Why the client refused the response, if it did. */
  Optional<String> error();

  /**
   * A {@code DiscoveryRequest}.
   *
   * @param version {@code version_info}: what the client accepted last
   * @param names {@code resource_names}: all that it wants
   */
  record Sotw(
      ResourceType type, String version, String nonce, List<String> names, Optional<String> error)
      implements Request {
    public Sotw {
      names = List.copyOf(names);
    }

    static Sotw of(ResourceType type, WireRequest request) {
      return new Sotw(type, request.version(), request.nonce(), request.names(), request.error());
    }
  }

  /**
   * A {@code DeltaDiscoveryRequest}.
   *
   * @param subscribe {@code resource_names_subscribe}
   * @param unsubscribe {@code resource_names_unsubscribe}
   * @param initial {@code initial_resource_versions}: what the client has, by name
   */
  record Delta(
      ResourceType type,
      String nonce,
      List<String> subscribe,
      List<String> unsubscribe,
      Map<String, String> initial,
      Optional<String> error)
      implements Request {
    public Delta {
      subscribe = List.copyOf(subscribe);
      unsubscribe = List.copyOf(unsubscribe);
      initial = Map.copyOf(initial);
    }

    static Delta of(ResourceType type, WireRequest request) {
      return new Delta(
          type,
          request.nonce(),
          request.names(),
          request.unsubscribe(),
          request.initial(),
          request.error());
    }

    /** Whether it changes nothing of what is wanted. */
    boolean isReply() {
      return subscribe.isEmpty() && unsubscribe.isEmpty() && initial.isEmpty();
    }
  }
}
