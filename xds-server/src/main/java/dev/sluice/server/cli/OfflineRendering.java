package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.problem.Problem;
import dev.sluice.server.admin.EnvoyJson;
import dev.sluice.spec.Gateway;
import dev.sluice.translate.AssembledRoutes;
import dev.sluice.translate.Assignments;
import dev.sluice.translate.Clusters;
import dev.sluice.translate.GroupResources;
import dev.sluice.translate.Listeners;
import dev.sluice.translate.PortResources;
import dev.sluice.translate.ProxyResources;
import dev.sluice.translate.ServiceTranslation;
import dev.sluice.translate.VirtualHosts;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a proxy would be sent for documents, without a server.
 *
 * @param group the proxy
 * @param clusters by name, and so on for each type
 * @param problems what could not be rendered
 */
record OfflineRendering(
    NodeGroup group,
    SortedMap<String, Message> clusters,
    SortedMap<String, Message> endpoints,
    SortedMap<String, Message> listeners,
    SortedMap<String, Message> routes,
    List<Problem> problems) {

  /** For each Gateway among the documents, what its proxies would be sent. */
  static List<OfflineRendering> everyGateway(OfflineDocuments documents) {
    return documents.index().gateways().values().stream()
        .map(gateway -> of(groupOf(gateway), documents.index()))
        .toList();
  }

  private static NodeGroup groupOf(Gateway gateway) {
    SortedMap<String, String> labels = new TreeMap<>(gateway.spec().proxies().selector());
    String name = labels.computeIfAbsent("app", _ -> gateway.metadata().name());
    return new NodeGroup(
        Role.GATEWAY,
        new ServiceId(name, gateway.metadata().namespace()),
        java.util.Collections.emptySortedSet(),
        labels,
        Locality.UNKNOWN,
        NodeGroup.DEFAULT_OUTBOUND_PORT,
        List.of());
  }

  /** What the proxies of {@code group} would be sent. */
  static OfflineRendering of(NodeGroup group, PolicyIndex index) {
    OfflineRendering rendering =
        new OfflineRendering(
            group,
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            new ArrayList<>());
    ProxyResources proxy = ProxyResources.of(group, index.gateways());
    SortedMap<String, List<VirtualHost>> hosts = new TreeMap<>();
    rendering.addFixed(proxy, index, hosts);
    index
        .services()
        .keySet()
        .forEach(
            id -> translation(id, index, proxy).ifPresent(it -> rendering.add(proxy, it, hosts)));
    hosts.forEach(
        (name, list) -> {
          AssembledRoutes assembled = proxy.routeConfiguration(name, list);
          rendering.routes.put(name, assembled.routes());
          rendering.problems.addAll(assembled.problems());
        });
    return rendering;
  }

  private static Optional<ServiceTranslation> translation(
      ServiceId id, PolicyIndex index, ProxyResources proxy) {
    return Optional.ofNullable(index.services().get(id))
        .map(service -> ServiceTranslation.of(service, index.policies(id), proxy.client()));
  }

  private void addFixed(
      ProxyResources proxy, PolicyIndex index, SortedMap<String, List<VirtualHost>> hosts) {
    GroupResources fixed = proxy.fixed(translation(group.service(), index, proxy));
    fixed.listeners().forEach(input -> listeners.put(input.name(), Listeners.listener(input)));
    fixed.clusters().forEach(cluster -> clusters.put(cluster.getName(), cluster));
    fixed.routeConfigurations().forEach((name, own) -> hosts.put(name, new ArrayList<>(own)));
    problems.addAll(fixed.problems());
  }

  private void add(
      ProxyResources proxy,
      ServiceTranslation service,
      SortedMap<String, List<VirtualHost>> hosts) {
    problems.addAll(service.problems());
    for (PortResources port : proxy.ports(service)) {
      port.clusters().forEach(input -> clusters.put(input.name(), Clusters.cluster(input)));
      port.assignments()
          .forEach(input -> endpoints.put(input.cluster(), Assignments.assignment(input)));
      port.listeners().forEach(input -> listeners.put(input.name(), Listeners.listener(input)));
      port.virtualHosts()
          .forEach(
              (name, list) ->
                  hosts
                      .computeIfAbsent(name, _ -> new ArrayList<>())
                      .addAll(list.stream().map(VirtualHosts::virtualHost).toList()));
    }
  }

  /** The resources, type by type. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("proxy", group.toString());
    add(json.putArray("clusters"), clusters);
    add(json.putArray("endpoints"), endpoints);
    add(json.putArray("listeners"), listeners);
    add(json.putArray("routes"), routes);
    return json;
  }

  private static void add(ArrayNode array, SortedMap<String, Message> resources) {
    resources.values().forEach(resource -> array.add(EnvoyJson.of(resource)));
  }
}
