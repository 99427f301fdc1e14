package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.problem.Problem;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.status.ProxyStatuses;
import dev.sluice.server.status.Refusal;
import dev.sluice.server.status.TypeStatus;
import dev.sluice.server.xds.ConfigCanary;
import dev.sluice.server.xds.Departed;
import dev.sluice.server.xds.Quarantined;
import dev.sluice.source.SourceStatus;
import dev.sluice.spec.DocumentKey;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Our own records as the JSON of the admin API: written out, so that its shape is stable. */
final class AdminJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private AdminJson() {}

  static ObjectNode proxies(List<ProxyStatus> proxies, List<Departed> departed) {
    ObjectNode json = JSON.objectNode();
    ArrayNode list = json.putArray("proxies");
    proxies.forEach(proxy -> list.add(proxy(proxy)));
    ArrayNode left = json.putArray("left");
    departed.forEach(one -> left.add(departed(one)));
    return json;
  }

  private static ObjectNode departed(Departed departed) {
    ObjectNode json = JSON.objectNode();
    json.put("id", departed.id());
    json.put("role", departed.group().role().name().toLowerCase(Locale.ROOT));
    json.put("service", departed.group().service().name());
    json.put("namespace", departed.group().namespace());
    json.put("software", departed.userAgent());
    json.put("since", departed.connectedSince().toString());
    json.put("at", departed.at().toString());
    json.put("why", departed.why());
    return json;
  }

  static ObjectNode proxy(ProxyStatus proxy) {
    ObjectNode json = JSON.objectNode();
    json.put("id", proxy.id());
    json.put("role", proxy.group().role().name().toLowerCase(Locale.ROOT));
    json.put("service", proxy.group().service().name());
    json.put("namespace", proxy.group().namespace());
    json.put("software", proxy.software());
    json.put("since", proxy.since().toString());
    json.put("synced", proxy.synced());
    ArrayNode types = json.putArray("types");
    proxy.types().forEach(type -> types.add(type(type)));
    return json;
  }

  private static ObjectNode type(TypeStatus type) {
    ObjectNode json = JSON.objectNode();
    json.put("type", type.type());
    json.put("state", type.state().name());
    json.put("behindMillis", type.behind().toMillis());
    json.put("sent", type.sent());
    json.put("acknowledged", type.acknowledged());
    json.put("resources", type.resources().size());
    json.put("waitsFor", type.waitsFor());
    type.refusal().ifPresent(refusal -> json.set("refusal", refusal(refusal)));
    return json;
  }

  private static ObjectNode refusal(Refusal refusal) {
    ObjectNode json = JSON.objectNode();
    json.put("message", refusal.message());
    json.put("at", refusal.at().toString());
    json.set("resources", texts(refusal.resources()));
    json.set("causes", texts(refusal.causes()));
    return json;
  }

  /** A policy, with what proxies refused of it, and whether it has come to all of them. */
  static ObjectNode policy(
      Map.Entry<DocumentKey, PolicyStatus> policy,
      List<Quarantined> quarantine,
      List<ConfigCanary> canaries) {
    ObjectNode json = JSON.objectNode();
    ArrayNode refused = JSON.arrayNode();
    quarantine.stream()
        .filter(one -> isOf(policy.getKey(), one.documents()))
        .forEach(one -> refused.add(quarantined(one)));
    boolean spreads = canaries.stream().anyMatch(one -> isOf(policy.getKey(), one.documents()));
    json.put("kind", policy.getKey().kind().toString());
    json.put("name", policy.getKey().name());
    json.put("namespace", policy.getKey().namespace());
    json.put("accepted", policy.getValue().accepted());
    json.put("programmed", policy.getValue().accepted() && refused.isEmpty() && !spreads);
    json.put("state", policy.getValue().state().name());
    json.put("reason", policy.getValue().reason().toString());
    json.set("problems", problems(policy.getValue().problems()));
    json.set("quarantine", refused);
    return json;
  }

  /** Whether a document is among these, which have their places in brackets. */
  static boolean isOf(DocumentKey key, List<String> documents) {
    return documents.stream().anyMatch(from -> from.startsWith(key + " ("));
  }

  static ObjectNode canary(ConfigCanary canary) {
    ObjectNode json = JSON.objectNode();
    json.put("role", canary.group().role().name().toLowerCase(Locale.ROOT));
    json.put("service", canary.group().service().toString());
    json.put("stage", canary.stage());
    json.set("asked", texts(canary.asked()));
    json.put("acknowledged", canary.accepted());
    json.put("concerned", canary.concerned());
    canary.halted().ifPresent(why -> json.put("halted", why));
    json.put("newerWaits", canary.newerWaits());
    json.put("since", canary.since().toString());
    json.set("resources", texts(canary.resources()));
    json.set("causes", texts(canary.documents()));
    return json;
  }

  static ObjectNode quarantined(Quarantined quarantined) {
    ObjectNode json = JSON.objectNode();
    json.put("type", ProxyStatuses.name(quarantined.type()));
    json.put("name", quarantined.name());
    quarantined.virtualHost().ifPresent(host -> json.put("virtualHost", host));
    json.put("role", quarantined.group().role().name().toLowerCase(Locale.ROOT));
    json.put("service", quarantined.group().service().toString());
    json.put("proxy", quarantined.proxy());
    json.put("message", quarantined.message());
    json.put("since", quarantined.since().toString());
    json.set("causes", texts(quarantined.documents()));
    return json;
  }

  static ObjectNode source(SourceStatus source) {
    ObjectNode json = JSON.objectNode();
    json.put("source", source.source().toString());
    json.put("state", source.state().name());
    json.put("since", source.since().toString());
    if (source.message() != null) {
      json.put("message", source.message());
    }
    json.set("problems", problems(source.problems()));
    return json;
  }

  static ArrayNode problems(Collection<Problem> problems) {
    ArrayNode json = JSON.arrayNode();
    for (Problem problem : problems) {
      json.addObject()
          .put("severity", problem.severity().name())
          .put("file", problem.location().file())
          .put("line", problem.location().line())
          .put("column", problem.location().column())
          .put("path", problem.path())
          .put("message", problem.message());
    }
    return json;
  }

  static ArrayNode texts(Collection<String> texts) {
    ArrayNode json = JSON.arrayNode();
    texts.forEach(json::add);
    return json;
  }
}
