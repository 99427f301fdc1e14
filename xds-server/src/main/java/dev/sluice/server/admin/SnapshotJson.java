package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.ResourceVersions;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.status.ProxyStatuses;
import dev.sluice.server.status.TypeStatus;
import java.util.List;

/** What one proxy was sent, with what it acknowledged and where each resource comes from. */
final class SnapshotJson {
  private static final List<ResourceType> TYPES =
      List.of(
          ResourceType.CLUSTER,
          ResourceType.ENDPOINT,
          ResourceType.LISTENER,
          ResourceType.ROUTE,
          ResourceType.SECRET);

  private SnapshotJson() {}

  static ObjectNode of(ProxyStatus proxy) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("proxy", proxy.id());
    for (ResourceType type : TYPES) {
      String name = ProxyStatuses.name(type);
      ArrayNode resources = json.putArray(name);
      proxy.types().stream()
          .filter(status -> status.type().equals(name))
          .forEach(status -> add(resources, proxy.served(), type, status));
    }
    return json;
  }

  private static void add(
      ArrayNode resources, Snapshot snapshot, ResourceType type, TypeStatus status) {
    status
        .resources()
        .forEach(
            (name, versions) ->
                snapshot
                    .resource(type, name)
                    .ifPresent(resource -> resources.add(resource(resource, versions))));
  }

  private static ObjectNode resource(Resource resource, ResourceVersions versions) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", resource.name());
    json.put("version", resource.version());
    json.put("sent", versions.sent());
    json.put("acknowledged", versions.acknowledged());
    json.set("documents", AdminJson.texts(resource.provenance().documents()));
    json.set("sources", AdminJson.texts(resource.provenance().sources()));
    json.set("resource", EnvoyJson.of(resource.message()));
    return json;
  }
}
