package dev.sluice.server.xds;

import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a client sends on a stream, without the node. */
sealed interface Request {
  /** What it is about. */
  ResourceType type();

  Optional<String> NO_ERROR = Optional.empty();

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

    static Sotw of(ResourceType type, DiscoveryRequest request) {
      return new Sotw(
          type,
          request.getVersionInfo(),
          request.getResponseNonce(),
          request.getResourceNamesList(),
          request.hasErrorDetail()
              ? Optional.of(request.getErrorDetail().getMessage())
              : Optional.empty());
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

    static Delta of(ResourceType type, DeltaDiscoveryRequest request) {
      if (isReply(request)) {
        return new Delta(
            type, request.getResponseNonce(), List.of(), List.of(), Map.of(), NO_ERROR);
      }
      return new Delta(
          type,
          request.getResponseNonce(),
          request.getResourceNamesSubscribeList(),
          request.getResourceNamesUnsubscribeList(),
          request.getInitialResourceVersionsMap(),
          request.hasErrorDetail()
              ? Optional.of(request.getErrorDetail().getMessage())
              : Optional.empty());
    }

    /** Nearly every request is an ACK: it says nothing else. */
    private static boolean isReply(DeltaDiscoveryRequest request) {
      return request.getResourceNamesSubscribeCount() == 0
          && request.getResourceNamesUnsubscribeCount() == 0
          && request.getInitialResourceVersionsCount() == 0
          && !request.hasErrorDetail();
    }

    /** Whether it changes nothing of what is wanted. */
    boolean isReply() {
      return subscribe.isEmpty() && unsubscribe.isEmpty() && initial.isEmpty();
    }
  }
}
