package dev.sluice.server.explain;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.UInt32Value;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.ResourceVersions;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.status.ProxyStatuses;
import dev.sluice.server.status.SyncState;
import dev.sluice.server.status.TypeStatus;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A connected proxy that routes calls to {@code orders.shop}, for tests. */
public final class RoutedProxy {
  /** Where its routes come from. */
  public static final String POLICY = "TrafficPolicy shop/orders (orders.yaml:1:1)";

  private final String id;
  private final Role role;
  private final Map<ResourceType, List<Resource>> resources = new HashMap<>();
  private final Map<String, String> acknowledged = new HashMap<>();

  private RoutedProxy(String id, Role role) {
    this.id = id;
    this.role = role;
  }

  /** A proxy with nothing. */
  public static RoutedProxy empty(String id, Role role) {
    return new RoutedProxy(id, role);
  }

  /**
   * A sidecar of {@code web.shop} with a route for testers, and the split of two versions: v1 has
   * an instance, v2 has none.
   */
  public static RoutedProxy sidecar(String id) {
    return empty(id, Role.SIDECAR)
        .listener("outbound", 15001, TrafficDirection.OUTBOUND)
        .routes(
            "outbound",
            """
            virtual_hosts {
              name: "orders.shop|80"
              domains: "orders.shop"
              routes {
                name: "orders.shop/testers"
                match { prefix: "/" headers { name: "x-canary" string_match { exact: "true" } } }
                route { cluster: "orders.shop|80|v2" }
              }
              routes {
                name: "orders.shop/split"
                match { prefix: "/" }
                route {
                  weighted_clusters {
                    clusters { name: "orders.shop|80|v1" weight { value: 90 } }
                    clusters { name: "orders.shop|80|v2" weight { value: 10 } }
                  }
                  timeout { seconds: 4 }
                  retry_policy {
                    retry_on: "connect-failure,retriable-status-codes"
                    retriable_status_codes: 503
                    num_retries { value: 2 }
                  }
                }
              }
            }
            """)
        .cluster("orders.shop|80|v1", "10.0.0.1", 8080, HealthStatus.HEALTHY)
        .cluster("orders.shop|80|v2");
  }

  private RoutedProxy put(ResourceType type, String name, Message message, Provenance from) {
    List<Resource> all = resources.computeIfAbsent(type, _ -> new ArrayList<>());
    all.removeIf(one -> one.name().equals(name));
    all.add(Resource.of(type, name, message, from));
    return this;
  }

  /** A listener of HTTP that has its routes under its own name. */
  public RoutedProxy listener(String name, int port, TrafficDirection direction) {
    HttpConnectionManager manager =
        HttpConnectionManager.newBuilder()
            .setRds(Rds.newBuilder().setRouteConfigName(name))
            .build();
    Listener.Builder listener =
        Listener.newBuilder()
            .setName(name)
            .setTrafficDirection(direction)
            .addFilterChains(
                FilterChain.newBuilder()
                    .addFilters(Filter.newBuilder().setTypedConfig(Any.pack(manager))));
    listener.getAddressBuilder().getSocketAddressBuilder().setPortValue(port);
    return put(ResourceType.LISTENER, name, listener.build(), Provenance.NONE);
  }

  /** Any listener. */
  public RoutedProxy listener(Listener listener) {
    return put(ResourceType.LISTENER, listener.getName(), listener, Provenance.NONE);
  }

  /** Routes in protobuf's text form. */
  public RoutedProxy routes(String name, String text) {
    try {
      RouteConfiguration routes = TextFormat.parse(text, RouteConfiguration.class);
      Map<String, List<String>> parts = new HashMap<>();
      routes.getVirtualHostsList().forEach(host -> parts.put(host.getName(), List.of(POLICY)));
      return put(
          ResourceType.ROUTE,
          name,
          routes.toBuilder().setName(name).build(),
          new Provenance(List.of(POLICY), List.of(), parts));
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** A cluster without instances. */
  public RoutedProxy cluster(String name) {
    return cluster(name, ClusterLoadAssignment.newBuilder().setClusterName(name));
  }

  /** A cluster with one instance. */
  public RoutedProxy cluster(String name, String address, int port, HealthStatus health) {
    ClusterLoadAssignment.Builder assignment =
        ClusterLoadAssignment.newBuilder().setClusterName(name);
    var endpoint = assignment.addEndpointsBuilder().addLbEndpointsBuilder();
    endpoint.setHealthStatus(health);
    endpoint
        .getEndpointBuilder()
        .getAddressBuilder()
        .getSocketAddressBuilder()
        .setAddress(address)
        .setPortValue(port);
    return cluster(name, assignment);
  }

  private RoutedProxy cluster(String name, ClusterLoadAssignment.Builder assignment) {
    Cluster.Builder cluster = Cluster.newBuilder().setName(name).setType(Cluster.DiscoveryType.EDS);
    cluster.setConnectTimeout(Duration.newBuilder().setSeconds(1));
    cluster.getCommonLbConfigBuilder().getHealthyPanicThresholdBuilder().setValue(0);
    cluster
        .getCircuitBreakersBuilder()
        .addThresholdsBuilder()
        .setMaxRequests(UInt32Value.of(name.endsWith("v2") ? 10 : 200));
    put(ResourceType.CLUSTER, name, cluster.build(), new Provenance(List.of(POLICY), List.of()));
    return put(
        ResourceType.ENDPOINT,
        name,
        assignment.build(),
        new Provenance(List.of(POLICY), List.of("file/files")));
  }

  /** Says that it has acknowledged that version of a resource, and not the newest. */
  public RoutedProxy uses(ResourceType type, String name, String version) {
    acknowledged.put(type + name, version);
    return this;
  }

  /** All that it is to have. */
  public Snapshot snapshot() {
    return Snapshot.of(resources.values().stream().flatMap(List::stream).toList());
  }

  /** The group of such proxies. */
  public NodeGroup group() {
    return new NodeGroup(
        role,
        new ServiceId(role == Role.GATEWAY ? "front" : "web", "shop"),
        Collections.emptySortedSet(),
        new TreeMap<>(),
        Locality.UNKNOWN,
        15001,
        List.of());
  }

  /** Its status. */
  public ProxyStatus status() {
    return new ProxyStatus(
        id,
        group(),
        "envoy 1.40.0",
        Instant.parse("2026-01-31T12:00:00Z"),
        snapshot(),
        Arrays.stream(ResourceType.values()).map(this::status).toList());
  }

  private TypeStatus status(ResourceType type) {
    TreeMap<String, ResourceVersions> versions = new TreeMap<>();
    for (Resource resource : resources.getOrDefault(type, List.of())) {
      versions.put(
          resource.name(),
          new ResourceVersions(
              resource.version(),
              acknowledged.getOrDefault(type + resource.name(), resource.version())));
    }
    return new TypeStatus(
        ProxyStatuses.name(type),
        SyncState.SYNCED,
        java.time.Duration.ZERO,
        "1",
        "1",
        Optional.empty(),
        versions,
        "");
  }
}
