package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.Reason;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.status.ProxyStatuses;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The last revisions: when, why, and what each group of proxies got by it. */
final class HistoryJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private HistoryJson() {}

  /** The newest first. */
  static ObjectNode of(List<Revision> history, HistoryQuery query) {
    ObjectNode answer = JSON.objectNode();
    ArrayNode revisions = answer.putArray("revisions");
    history.reversed().stream()
        .filter(query::matches)
        .limit(query.limit())
        .forEach(revision -> revisions.add(revision(revision)));
    return answer;
  }

  private static ObjectNode revision(Revision revision) {
    ObjectNode json = JSON.objectNode();
    json.put("revision", revision.id());
    json.put("at", revision.at().toString());
    json.put("cause", revision.cause());
    ArrayNode reasons = json.putArray("reasons");
    revision.reasons().forEach(reason -> reasons.add(reason(reason)));
    ArrayNode groups = json.putArray("groups");
    revision.groups().entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
        .forEach(entry -> groups.add(group(entry)));
    return json;
  }

  private static ObjectNode reason(Reason reason) {
    ObjectNode json = JSON.objectNode();
    json.put("kind", reason.kind().name().toLowerCase(Locale.ROOT));
    json.put("name", reason.name());
    json.put("text", reason.text());
    return json;
  }

  private static ObjectNode group(Map.Entry<NodeGroup, Revision.Summary> entry) {
    ObjectNode json = JSON.objectNode();
    json.put("role", entry.getKey().role().name().toLowerCase(Locale.ROOT));
    json.put("service", entry.getKey().service().toString());
    ArrayNode types = json.putArray("types");
    entry
        .getValue()
        .types()
        .forEach(
            (type, counts) -> {
              ObjectNode one = types.addObject();
              one.put("type", ProxyStatuses.name(type));
              one.put("changed", counts.changed());
              one.put("removed", counts.removed());
              ArrayNode names = one.putArray("names");
              counts.names().forEach(names::add);
            });
    return json;
  }
}
