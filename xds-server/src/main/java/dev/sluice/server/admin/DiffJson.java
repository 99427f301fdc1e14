package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.catalog.SourceName;
import dev.sluice.server.diff.DiffRequest;
import dev.sluice.server.diff.DiffRequest.Rest;
import dev.sluice.server.diff.Difference;
import dev.sluice.server.diff.DocumentChange;
import dev.sluice.server.diff.GroupDifference;
import dev.sluice.server.diff.ResourceChange;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.status.ProxyStatuses;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import io.javalin.http.BadRequestResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What documents would change, as the JSON of the admin API. */
final class DiffJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  static final List<String> KEYS = List.of("documents", "delete", "source", "prune");

  /** Beyond so many characters of diffs the rest is named only. */
  private static final int MOST_TEXT = 8_000_000;

  private DiffJson() {}

  static DiffRequest request(GivenTexts body) {
    JsonNode json = body.json();
    List<DocumentKey> delete = new ArrayList<>();
    JsonBody.texts(json, "delete").forEach(one -> delete.add(key(one)));
    return new DiffRequest(
        body.documents(),
        delete,
        JsonBody.text(json, "source").map(DiffJson::source),
        JsonBody.flag(json, "prune") ? Rest.GONE : Rest.KEPT);
  }

  private static DocumentKey key(String text) {
    String[] words = text.strip().split("\\s+", -1);
    String[] name = words.length == 2 ? words[1].split("/", -1) : new String[0];
    Optional<Kind> kind = Kind.of(words[0]);
    if (kind.isEmpty() || name.length != 2 || name[0].isEmpty() || name[1].isEmpty()) {
      throw new BadRequestResponse(
          "\"%s\" names no document; write KIND NAMESPACE/NAME, such as TrafficPolicy shop/orders, with one of the kinds %s"
              .formatted(text, Kind.choice()));
    }
    return new DocumentKey(kind.get(), name[0], name[1]);
  }

  private static SourceName source(String text) {
    String[] parts = text.split("/", 2);
    if (parts.length != 2) {
      throw new BadRequestResponse(
          "source \"" + text + "\" is no source; write KIND/NAME, such as file/files");
    }
    return new SourceName(parts[0], parts[1]);
  }

  static ObjectNode of(Difference difference) {
    ObjectNode json = JSON.objectNode();
    json.put("summary", difference.summary());
    json.put("changes", !difference.isEmpty());
    json.put("proxies", difference.proxies());
    ArrayNode documents = json.putArray("documents");
    difference.documents().forEach(one -> documents.add(document(one)));
    ArrayNode groups = json.putArray("groups");
    int left = MOST_TEXT;
    for (GroupDifference one : difference.groups()) {
      left = add(one, groups.addObject(), left);
    }
    json.set("problems", AdminJson.problems(difference.problems()));
    json.set("warnings", AdminJson.texts(difference.warnings()));
    return json;
  }

  private static ObjectNode document(DocumentChange change) {
    return JSON.objectNode()
        .put("document", change.key().toString())
        .put("change", word(change.what()))
        .put("place", change.place());
  }

  /** What is left of the room for texts after it. */
  private static int add(GroupDifference difference, ObjectNode json, int room) {
    int left = room;
    ArrayNode groups = json.putArray("groups");
    difference
        .groups()
        .forEach(
            one ->
                groups
                    .addObject()
                    .put("role", one.group().role().name().toLowerCase(Locale.ROOT))
                    .put("service", one.group().service().toString())
                    .put("proxies", one.connected()));
    json.put("proxies", difference.proxies());
    ArrayNode resources = json.putArray("resources");
    for (ResourceChange change : difference.resources()) {
      ObjectNode one = resources.addObject();
      one.put("type", ProxyStatuses.name(change.type()));
      one.put("name", change.name());
      one.put("change", word(change.what()));
      change.before().ifPresent(it -> one.put("before", it.version()));
      change.after().ifPresent(it -> one.put("after", it.version()));
      if (change.type() == ResourceType.ROUTE) {
        one.set("virtualHosts", AdminJson.texts(ResourceText.virtualHosts(change)));
      }
      one.set("documents", AdminJson.texts(documents(change)));
      String diff = left > 0 ? ResourceText.unified(change) : "";
      left -= diff.length();
      if (left > 0) {
        one.put("diff", diff);
      } else {
        one.put("omitted", true);
      }
    }
    return left;
  }

  private static List<String> documents(ResourceChange change) {
    Optional<Resource> resource = change.after().or(change::before);
    return resource.map(it -> it.provenance().documents()).orElse(List.of());
  }

  private static String word(DocumentChange.What what) {
    return what.name().toLowerCase(Locale.ROOT);
  }
}
