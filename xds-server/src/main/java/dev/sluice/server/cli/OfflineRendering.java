package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.problem.Problem;
import dev.sluice.server.admin.EnvoyJson;
import dev.sluice.server.pipeline.GroupRendering;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.spec.Gateway;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a proxy would be sent for documents, without a server.
 *
 * @param group the proxy
 * @param rendering what it would be sent
 */
record OfflineRendering(NodeGroup group, GroupRendering rendering) {
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
        Collections.emptySortedSet(),
        labels,
        Locality.UNKNOWN,
        NodeGroup.DEFAULT_OUTBOUND_PORT,
        List.of());
  }

  /** What the proxies of {@code group} would be sent. */
  static OfflineRendering of(NodeGroup group, PolicyIndex index) {
    return new OfflineRendering(group, GroupRendering.of(group, index));
  }

  /** What could not be rendered. */
  List<Problem> problems() {
    return rendering.problems();
  }

  /** The resources, type by type. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("proxy", group.toString());
    add(json.putArray("clusters"), ResourceType.CLUSTER);
    add(json.putArray("endpoints"), ResourceType.ENDPOINT);
    add(json.putArray("listeners"), ResourceType.LISTENER);
    add(json.putArray("routes"), ResourceType.ROUTE);
    return json;
  }

  private void add(ArrayNode array, ResourceType type) {
    rendering
        .snapshot()
        .resources(type)
        .values()
        .forEach(resource -> array.add(EnvoyJson.of(resource.message())));
  }
}
