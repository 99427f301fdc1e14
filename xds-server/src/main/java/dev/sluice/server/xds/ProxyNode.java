package dev.sluice.server.xds;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who is at the other end of a stream.
 *
 * @param id {@code node.id}
 * @param group what decides its view
 * @param userAgent {@code user_agent_name} and the version, where the node says them
 * @param lifetimes whether it drops resources whose time to live is over
 * @param encoded the node as the proxy sent it, without what grows with the proxy's build
 */
record ProxyNode(
    String id, NodeGroup group, String userAgent, Lifetimes lifetimes, ByteString encoded) {
  /** What a client knows of times to live. */
  enum Lifetimes {
    /** Nothing: it keeps what it has. */
    UNKNOWN,
    /** It knows them in delta responses. */
    DELTA,
    /** It knows them in both variants. */
    BOTH;

    /** Whether the client knows them on a stream of that variant. */
    boolean in(Variant variant) {
      return this == BOTH || (this == DELTA && variant == Variant.DELTA);
    }
  }

  private static final String DEFAULT_NAMESPACE = "default";

  /**
   * Reads a node: {@code node.cluster} (or {@code metadata.sluice.service}) is its service, {@code
   * node.metadata.sluice} what it does and needs.
   */
  static ProxyNode of(Node node) throws InvalidNodeException {
    if (node.getId().isEmpty()) {
      throw new InvalidNodeException("node.id is empty; give every proxy an id of its own");
    }
    requirePrintable("node.id", node.getId());
    requirePrintable("node.cluster", node.getCluster());
    requirePrintable("node.user_agent_name", node.getUserAgentName());
    requirePrintable("node.user_agent_version", node.getUserAgentVersion());
    requirePrintable("node.locality.region", node.getLocality().getRegion());
    requirePrintable("node.locality.zone", node.getLocality().getZone());
    NodeMetadata metadata = NodeMetadata.of(sluice(node));
    ServiceId service = service(node, metadata);
    TreeSet<ServiceId> dependencies = new TreeSet<>();
    for (String name : metadata.strings("dependencies")) {
      dependencies.add(ServiceId.parse(name, service.namespace()));
    }
    TreeMap<String, String> labels = new TreeMap<>();
    labels.put("app", service.name());
    labels.putAll(metadata.stringMap("labels"));
    NodeGroup group =
        new NodeGroup(
            role(node, metadata),
            service,
            dependencies,
            labels,
            new Locality(node.getLocality().getRegion(), node.getLocality().getZone()),
            metadata.outboundPort(),
            metadata.inbound(),
            metadata.tcp(service.namespace()));
    return new ProxyNode(node.getId(), group, userAgent(node), lifetimes(node), encoded(node));
  }

  /** Envoy knows them whether it says so or not. */
  private static Lifetimes lifetimes(Node node) {
    List<String> features = node.getClientFeaturesList();
    if (node.getUserAgentName().equals("envoy")) {
      return Lifetimes.BOTH;
    }
    if (!features.contains("xds.config.supports-resource-ttl")) {
      return Lifetimes.UNKNOWN;
    }
    return features.contains("xds.config.resource-in-sotw") ? Lifetimes.BOTH : Lifetimes.DELTA;
  }

  /** These go to logs and terminals, where an escape sequence would be obeyed. */
  private static void requirePrintable(String path, String text) throws InvalidNodeException {
    if (!NodeGroup.isPrintable(text)) {
      throw new InvalidNodeException(path + " has control characters; write printable text");
    }
  }

  /** An Envoy lists hundreds of extensions in its node; nobody here needs them. */
  private static ByteString encoded(Node node) {
    return node.toBuilder()
        .clearExtensions()
        .clearDynamicParameters()
        .setUnknownFields(UnknownFieldSet.getDefaultInstance())
        .build()
        .toByteString();
  }

  /** Whether a gRPC client, not an Envoy, is at the other end. */
  boolean isProxyless() {
    return group.role() == Role.PROXYLESS;
  }

  private static Struct sluice(Node node) throws InvalidNodeException {
    Value value = node.getMetadata().getFieldsMap().get("sluice");
    if (value == null) {
      return Struct.getDefaultInstance();
    }
    if (!value.hasStructValue()) {
      throw new InvalidNodeException("node.metadata.sluice is not a map; write {role: sidecar}");
    }
    return value.getStructValue();
  }

  private static ServiceId service(Node node, NodeMetadata metadata) throws InvalidNodeException {
    String namespace = metadata.string("namespace").orElse(DEFAULT_NAMESPACE);
    String name = metadata.string("service").orElse(node.getCluster());
    ServiceId service = ServiceId.parse(name, namespace);
    if (service.name().isEmpty() || service.namespace().isEmpty()) {
      throw new InvalidNodeException(
          "node.cluster is '" + name + "'; name the proxy's service, such as web.shop");
    }
    return service;
  }

  private static Role role(Node node, NodeMetadata metadata) throws InvalidNodeException {
    if (node.getUserAgentName().toLowerCase(Locale.ROOT).startsWith("grpc")) {
      return Role.PROXYLESS;
    }
    String role = metadata.string("role").orElse("sidecar");
    return switch (role) {
      case "sidecar" -> Role.SIDECAR;
      case "node" -> Role.NODE;
      case "gateway" -> Role.GATEWAY;
      default ->
          throw new InvalidNodeException(
              "node.metadata.sluice.role is '" + role + "'; write sidecar, node or gateway");
    };
  }

  private static String userAgent(Node node) {
    if (node.hasUserAgentBuildVersion()) {
      var version = node.getUserAgentBuildVersion().getVersion();
      return "%s %d.%d.%d"
          .formatted(
              node.getUserAgentName(),
              version.getMajorNumber(),
              version.getMinorNumber(),
              version.getPatch());
    }
    return (node.getUserAgentName() + " " + node.getUserAgentVersion()).strip();
  }
}
