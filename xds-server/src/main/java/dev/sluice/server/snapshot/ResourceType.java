package dev.sluice.server.snapshot;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.runtime.v3.Runtime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A kind of xDS resource. The constants stand in the order in which one change's responses leave
 * (make before break): what is named comes before what names it.
 */
public enum ResourceType {
  /** Runtime layers (RTDS). */
  RUNTIME("RTDS", Runtime.getDefaultInstance(), Wildcard.EXPLICIT, Scope.CHANGED),
  /** Certificates and keys (SDS), for which a cluster or listener warms. */
  SECRET("SDS", Secret.getDefaultInstance(), Wildcard.EXPLICIT, Scope.CHANGED),
  /** Clusters (CDS). */
  CLUSTER("CDS", Cluster.getDefaultInstance(), Wildcard.LEGACY, Scope.FULL_STATE),
  /** The endpoints of a cluster (EDS), for which a cluster warms. */
  ENDPOINT("EDS", ClusterLoadAssignment.getDefaultInstance(), Wildcard.EXPLICIT, Scope.CHANGED),
  /** Listeners (LDS). */
  LISTENER("LDS", Listener.getDefaultInstance(), Wildcard.LEGACY, Scope.FULL_STATE),
  /** Configurations of single filters (ECDS), for which a listener warms. */
  EXTENSION_CONFIG(
      "ECDS", TypedExtensionConfig.getDefaultInstance(), Wildcard.EXPLICIT, Scope.CHANGED),
  /** Scoped routes (SRDS). */
  SCOPED_ROUTE(
      "SRDS", ScopedRouteConfiguration.getDefaultInstance(), Wildcard.LEGACY, Scope.FULL_STATE),
  /** Route configurations (RDS). */
  ROUTE("RDS", RouteConfiguration.getDefaultInstance(), Wildcard.EXPLICIT, Scope.CHANGED),
  /** Virtual hosts on demand (VHDS). */
  VIRTUAL_HOST("VHDS", VirtualHost.getDefaultInstance(), Wildcard.EXPLICIT, Scope.CHANGED);

  private static final Map<String, ResourceType> BY_URL = new HashMap<>();

  static {
    for (ResourceType type : values()) {
      BY_URL.put(type.typeUrl, type);
    }
  }

  /** How a client asks for all resources of a type. */
  public enum Wildcard {
    /** By the name {@code *} only. */
    EXPLICIT,
    /** By {@code *}, or by naming nothing in the first request of a stream. */
    LEGACY
  }

  /** What a state-of-the-world response holds. */
  public enum Scope {
    /** Every subscribed resource: leaving one out deletes it. */
    FULL_STATE,
    /** What changed: leaving a resource out says nothing about it. */
    CHANGED
  }

  private final String shortName;
  private final Message prototype;
  private final Wildcard wildcard;
  private final Scope scope;
  private final String typeUrl;

  ResourceType(String shortName, Message prototype, Wildcard wildcard, Scope scope) {
    this.shortName = shortName;
    this.prototype = prototype;
    this.wildcard = wildcard;
    this.scope = scope;
    this.typeUrl = "type.googleapis.com/" + prototype.getDescriptorForType().getFullName();
  }

  /** The type that {@code typeUrl} names ({@code type.googleapis.com/...}), if it is served. */
  public static Optional<ResourceType> ofTypeUrl(String typeUrl) {
    return Optional.ofNullable(BY_URL.get(typeUrl));
  }

  /** The name of the discovery service, such as {@code CDS}. */
  public String shortName() {
    return shortName;
  }

  /** {@code type.googleapis.com/} and the proto's full name. */
  public String typeUrl() {
    return typeUrl;
  }

  /** An empty message of this type. */
  public Message prototype() {
    return prototype;
  }

  /** How a client asks for all of them. */
  public Wildcard wildcard() {
    return wildcard;
  }

  /** What a state-of-the-world response holds. */
  public Scope scope() {
    return scope;
  }
}
